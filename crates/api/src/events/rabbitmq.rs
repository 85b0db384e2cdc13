//! RabbitMQ as a destination, by its MQTT plugin.

use store::outbox::WaitingEvent;
use store::{Mqtt, MqttConnection, MqttError};

use super::way::{Reason, Undelivered};
use crate::random;

/// A way to RabbitMQ's exchange, whose connection is opened for the first event.
#[derive(Debug)]
pub(super) struct RabbitMq<'a> {
    mqtt: &'a Mqtt,
    connection: Option<MqttConnection>,
}

impl<'a> RabbitMq<'a> {
    pub(super) fn new(mqtt: &'a Mqtt) -> Self {
        Self {
            mqtt,
            connection: None,
        }
    }

    /// Publishes `event` and waits for the broker's confirmation.
    pub(super) async fn deliver(&mut self, event: &WaitingEvent) -> Result<(), Undelivered> {
        let connection = match self.connection.take() {
            Some(connection) => connection,
            None => self.mqtt.open(&client_id()).await?,
        };
        let topic = event.event_type.replace('.', "/");
        connection.publish(&topic, &event.document).await?;
        // Only one that works is kept.
        self.connection = Some(connection);
        Ok(())
    }
}

/// A name that no other connection has: the broker ends the older one of two with the same.
fn client_id() -> String {
    format!("us-{}", random::hex::<8>())
}

impl From<MqttError> for Undelivered {
    fn from(error: MqttError) -> Self {
        Self {
            reason: match error {
                MqttError::Unavailable(_) => Reason::Unreachable,
                MqttError::Refused(_) => Reason::Refused,
                MqttError::TooLarge(_) => Reason::Unsendable,
            },
            error: error.to_string(),
        }
    }
}
