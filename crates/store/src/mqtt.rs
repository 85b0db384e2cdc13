//! MQTT: how events reach RabbitMQ, since Spin speaks no AMQP. RabbitMQ's MQTT plugin puts a message
//! of topic `user/registered` on its exchange under the routing key `user.registered`.

use std::time::Duration;

use domain::BrokerUrl;
use spin_sdk::mqtt::{Connection, Qos};

use crate::time_limit::within;

/// How long opening and a publish may take. With its exchange missing the broker never answers, and
/// neither does Spin.
const TIME_LIMIT: Duration = Duration::from_secs(2);

/// Spin's client sends no larger packet: 10 KiB, with the topic and some bytes of frame in it.
const LARGEST_PACKET: usize = 10 * 1024;
const FRAME: usize = 16;

/// The broker drops a connection that is silent for longer than this, in seconds.
const KEEP_ALIVE: u64 = 30;

/// A broker.
#[derive(Clone, Debug)]
pub struct Mqtt {
    url: BrokerUrl,
}

/// A connection to the broker.
pub struct MqttConnection(Connection);

/// A message that the broker has not confirmed. It may have it all the same.
#[derive(Debug, thiserror::Error)]
pub enum MqttError {
    /// The broker can't be reached or does not answer.
    #[error("the broker is not available: {0}")]
    Unavailable(String),
    /// The message is larger than can be sent.
    #[error("the message has {0} bytes, more than fit into a packet of MQTT")]
    TooLarge(usize),
    /// The broker closed the connection over this message.
    #[error("the broker refused the message: {0}")]
    Refused(String),
}

impl Mqtt {
    /// The broker at `url`.
    pub fn new(url: BrokerUrl) -> Self {
        Self { url }
    }

    /// Opens a connection. `client_id` is a name that no other connection has.
    ///
    /// # Errors
    /// [`MqttError::Unavailable`].
    pub async fn open(&self, client_id: &str) -> Result<MqttConnection, MqttError> {
        #[expect(
            clippy::disallowed_methods,
            reason = "this is the one place that opens it"
        )]
        let opening = Connection::open(
            self.url.address(client_id),
            self.url.username(),
            self.url.expose_password(),
            KEEP_ALIVE,
        );
        let opened = within(TIME_LIMIT, opening).await.ok_or_else(no_answer)?;
        opened
            .map(MqttConnection)
            .map_err(|error| MqttError::Unavailable(error.to_string()))
    }
}

impl MqttConnection {
    /// Publishes `payload` under `topic`, at least once (quality of service 1): the broker has
    /// confirmed it when this returns.
    ///
    /// # Errors
    /// [`MqttError`]. The connection is of no more use then.
    pub async fn publish(&self, topic: &str, payload: &str) -> Result<(), MqttError> {
        if payload.len() + topic.len() + FRAME > LARGEST_PACKET {
            return Err(MqttError::TooLarge(payload.len()));
        }
        let publishing = self
            .0
            .publish(topic, payload.as_bytes().to_vec(), Qos::AtLeastOnce);
        let published = within(TIME_LIMIT, publishing).await.ok_or_else(no_answer)?;
        published.map_err(|error| judge(&error.to_string()))
    }
}

impl std::fmt::Debug for MqttConnection {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("MqttConnection")
    }
}

fn no_answer() -> MqttError {
    MqttError::Unavailable(format!("no answer within {TIME_LIMIT:?}"))
}

/// Spin describes what went wrong by the words of its client, rumqttc. A connection that was
/// established and then closed is the broker's answer to a message that it does not take; a broker
/// that is killed looks the same.
fn judge(error: &str) -> MqttError {
    if error.contains("closed by peer") {
        MqttError::Refused(error.to_owned())
    } else {
        MqttError::Unavailable(error.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_message_is_told_from_a_broker_that_is_away() {
        assert!(matches!(
            judge("connection failed: Mqtt state: Connection closed by peer abruptly"),
            MqttError::Refused(_)
        ));
        for error in [
            "connection failed: I/O: Connection refused (os error 111)",
            "connection failed: Connection refused, return code: `NotAuthorized`",
            "connection failed: Network timeout",
        ] {
            assert!(matches!(judge(error), MqttError::Unavailable(_)), "{error}");
        }
    }
}
