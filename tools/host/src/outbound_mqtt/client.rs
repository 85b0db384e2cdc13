//! One MQTT client: a message at a time, answered when the broker has taken it.

use std::time::Duration;

use rumqttc::{AsyncClient, Event, EventLoop, MqttOptions, Outgoing, Packet, QoS};
use tokio::sync::Mutex;

use crate::bindings::spin::mqtt::mqtt::{Error, Qos};

/// How many requests may wait for the connection, as in Spin.
const WAITING_REQUESTS: usize = 1000;

/// A client of one broker. It connects when the first message is published.
pub(super) struct Client {
    requests: AsyncClient,
    connection: Mutex<EventLoop>,
}

impl Client {
    /// A client of the broker at `address`, a URL with a `client_id`.
    pub(super) fn new(
        address: String,
        username: String,
        password: String,
        keep_alive_seconds: u64,
    ) -> Result<Self, Error> {
        let mut options = MqttOptions::parse_url(address).map_err(|_| Error::InvalidAddress)?;
        options.set_credentials(username, password);
        options.set_keep_alive(Duration::from_secs(keep_alive_seconds));
        let (requests, connection) = AsyncClient::new(options, WAITING_REQUESTS);
        Ok(Self {
            requests,
            connection: Mutex::new(connection),
        })
    }

    /// Publishes a message: returns once it is written (at most once), acknowledged (at least once)
    /// or complete (exactly once). Any acknowledgement counts as this message's, as in Spin.
    pub(super) async fn publish(
        &self,
        topic: String,
        payload: Vec<u8>,
        qos: Qos,
    ) -> Result<(), Error> {
        let qos = match qos {
            Qos::AtMostOnce => QoS::AtMostOnce,
            Qos::AtLeastOnce => QoS::AtLeastOnce,
            Qos::ExactlyOnce => QoS::ExactlyOnce,
        };
        self.requests
            .publish_bytes(topic, qos, false, payload.into())
            .await
            .map_err(|error| Error::Other(error.to_string()))?;
        let mut connection = self.connection.lock().await;
        loop {
            let event = connection.poll().await;
            match (qos, event.map_err(connection_failed)?) {
                (QoS::AtMostOnce, Event::Outgoing(Outgoing::Publish(_)))
                | (QoS::AtLeastOnce, Event::Incoming(Packet::PubAck(_)))
                | (QoS::ExactlyOnce, Event::Incoming(Packet::PubComp(_))) => return Ok(()),
                _ => {}
            }
        }
    }
}

#[expect(clippy::needless_pass_by_value, reason = "it is what map_err calls")]
fn connection_failed(error: rumqttc::ConnectionError) -> Error {
    Error::ConnectionFailed(error.to_string())
}

#[cfg(test)]
mod tests {
    use futures::FutureExt as _;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::{TcpListener, TcpStream};

    use super::*;

    const ACCEPTED: &[u8] = &[0x20, 2, 0, 0];
    const REFUSED: &[u8] = &[0x20, 2, 0, 5];
    const FIRST_ACKNOWLEDGED: &[u8] = &[0x40, 2, 0, 1];

    #[tokio::test]
    async fn a_message_is_published_when_the_broker_acknowledges_it() {
        let (broker, client) = broker_and_client().await;
        let publishing = client.publish("user/registered".into(), b"{}".into(), Qos::AtLeastOnce);
        tokio::pin!(publishing);
        let serving = async {
            let mut stream = broker.accept().await.unwrap().0;
            let greeting = packet(&mut stream).await;
            assert!(contains(&greeting, b"me") && contains(&greeting, b"secret"));
            stream.write_all(ACCEPTED).await.unwrap();
            let message = packet(&mut stream).await;
            assert!(contains(&message, b"user/registered") && message.ends_with(b"{}"));
            stream
        };
        tokio::pin!(serving);
        let mut stream = tokio::select! {
            stream = &mut serving => stream,
            published = &mut publishing => panic!("nobody acknowledged it: {published:?}"),
        };
        assert!(publishing.as_mut().now_or_never().is_none());
        stream.write_all(FIRST_ACKNOWLEDGED).await.unwrap();
        publishing.await.unwrap();
    }

    #[tokio::test]
    async fn nothing_connects_before_the_first_message() {
        let (broker, client) = broker_and_client().await;
        assert!(broker.accept().now_or_never().is_none());
        drop(broker);
        let failed = client.publish("a".into(), b"b".into(), Qos::AtLeastOnce);
        assert!(matches!(failed.await, Err(Error::ConnectionFailed(_))));
    }

    #[tokio::test]
    async fn a_refusal_of_the_credentials_is_an_error() {
        let (broker, client) = broker_and_client().await;
        let serving = async {
            let mut stream = broker.accept().await.unwrap().0;
            packet(&mut stream).await;
            stream.write_all(REFUSED).await.unwrap();
            stream
        };
        let publishing = client.publish("a".into(), b"b".into(), Qos::AtLeastOnce);
        let (_stream, published) = tokio::join!(serving, publishing);
        assert!(matches!(published, Err(Error::ConnectionFailed(_))));
    }

    #[tokio::test]
    async fn a_packet_of_more_than_10_kib_is_an_error() {
        let (broker, client) = broker_and_client().await;
        let serving = async {
            let mut stream = broker.accept().await.unwrap().0;
            packet(&mut stream).await;
            stream.write_all(ACCEPTED).await.unwrap();
            stream
        };
        let publishing = client.publish("a".into(), vec![b'x'; 10 * 1024], Qos::AtLeastOnce);
        let (_stream, published) = tokio::join!(serving, publishing);
        assert!(matches!(published, Err(Error::ConnectionFailed(_))));
    }

    #[test]
    fn an_address_needs_a_client_id_and_a_known_scheme() {
        for (address, expected) in [
            ("mqtt://127.0.0.1:1883?client_id=one", true),
            ("mqtt://127.0.0.1?client_id=one", true),
            ("mqtt://127.0.0.1:1883", false),
            ("amqp://127.0.0.1:1883?client_id=one", false),
            ("127.0.0.1:1883", false),
        ] {
            let client = Client::new(address.to_owned(), "me".into(), "secret".into(), 30);
            assert_eq!(client.is_ok(), expected, "{address}");
        }
    }

    async fn broker_and_client() -> (TcpListener, Client) {
        let broker = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = broker.local_addr().unwrap().port();
        let address = format!("mqtt://127.0.0.1:{port}?client_id=test");
        let client = Client::new(address, "me".into(), "secret".into(), 30).unwrap();
        (broker, client)
    }

    /// Reads one packet of less than 128 bytes.
    async fn packet(stream: &mut TcpStream) -> Vec<u8> {
        let mut header = [0; 2];
        stream.read_exact(&mut header).await.unwrap();
        let mut rest = vec![0; usize::from(header[1])];
        stream.read_exact(&mut rest).await.unwrap();
        rest
    }

    fn contains(bytes: &[u8], part: &[u8]) -> bool {
        bytes.windows(part.len()).any(|window| window == part)
    }
}
