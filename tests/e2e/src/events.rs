//! A consumer of the service's events, with a queue of its own on the exchange.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures::StreamExt;
use lapin::message::Delivery;
use lapin::options::{BasicAckOptions, BasicConsumeOptions, QueueBindOptions, QueueDeclareOptions};
use lapin::types::{AMQPValue, FieldTable};
use lapin::{BasicProperties, Connection, ConnectionProperties, Consumer};
use serde_json::Value;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};
use uuid::Uuid;

use crate::{PATIENCE, random_hex};

const EXCHANGE: &str = "user.events";
/// How long a queue stays that nobody consumes from, in milliseconds: longer than a broker is away.
const EXPIRY: i32 = 600_000;

/// Collects all events that arrive on the exchange. It outlives the broker: its queue is durable, and
/// it comes back to it.
#[derive(Debug)]
pub struct Events {
    received: Arc<Mutex<Vec<Event>>>,
    collector: JoinHandle<()>,
}

/// An event as a consumer gets it.
#[derive(Clone, Debug)]
pub struct Event {
    /// The routing key: `user.registered`
    pub routing_key: String,
    /// What the broker says of the message, as its delivery mode.
    pub properties: BasicProperties,
    /// Whether the broker has delivered it before, and got no acknowledgement.
    pub redelivered: bool,
    /// The document; null if it is no JSON.
    pub body: Value,
}

impl Events {
    /// Begins to collect the events of the broker at `url`.
    pub(crate) async fn of_broker(url: &str) -> Self {
        assert!(!url.is_empty(), "this service has no RabbitMQ");
        let url = url.to_owned();
        let queue = format!("events-test-{}", random_hex(16));
        let mut consumer = consume(&url, &queue).await.expect("a queue on the broker");
        let received = Arc::new(Mutex::new(Vec::new()));
        let events = Arc::clone(&received);
        let collector = tokio::spawn(async move {
            loop {
                collect(consumer, &events).await;
                consumer = loop {
                    match consume(&url, &queue).await {
                        Ok(consumer) => break consumer,
                        Err(_) => sleep(Duration::from_millis(100)).await,
                    }
                };
            }
        });
        Self {
            received,
            collector,
        }
    }

    /// The events whose subject is `user`, in the order in which they first arrived, as soon as there
    /// are `count` of them. One that was delivered again counts once, by its id.
    pub async fn of(&self, user: &Uuid, count: usize) -> Vec<Event> {
        let waiting = async {
            while self.so_far(user).len() < count {
                sleep(Duration::from_millis(5)).await;
            }
        };
        let waited = timeout(PATIENCE, waiting).await;
        let events = self.so_far(user);
        let keys: Vec<_> = events.iter().map(|event| &event.routing_key).collect();
        assert!(
            waited.is_ok(),
            "{count} events of {user} expected within {PATIENCE:?}, not {keys:?}"
        );
        events
    }

    /// All deliveries so far, of everybody's events, in the order in which they arrived.
    pub fn deliveries(&self) -> Vec<Event> {
        self.received().clone()
    }

    fn so_far(&self, user: &Uuid) -> Vec<Event> {
        let subject = user.to_string();
        let mut ids = HashSet::new();
        let received = self.received();
        let his = received
            .iter()
            .filter(|event| event.body["subject"] == *subject)
            .filter(|event| ids.insert(event.body["id"].to_string()));
        his.cloned().collect()
    }

    fn received(&self) -> MutexGuard<'_, Vec<Event>> {
        self.received.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Events {
    fn drop(&mut self) {
        self.collector.abort();
    }
}

impl Event {
    fn of(delivery: &Delivery) -> Self {
        Self {
            routing_key: delivery.routing_key.to_string(),
            properties: delivery.properties.clone(),
            redelivered: delivery.redelivered,
            body: serde_json::from_slice(&delivery.data).unwrap_or(Value::Null),
        }
    }
}

/// Makes the queue, binds it to every routing key and begins to consume.
async fn consume(url: &str, queue: &str) -> lapin::Result<Consumer> {
    let connection = Connection::connect(url, ConnectionProperties::default()).await?;
    let channel = connection.create_channel().await?;
    let mut arguments = FieldTable::default();
    arguments.insert("x-expires".into(), AMQPValue::LongInt(EXPIRY));
    channel
        .queue_declare(queue.into(), QueueDeclareOptions::durable(), arguments)
        .await?;
    let none = FieldTable::default;
    let binding = QueueBindOptions::default();
    channel
        .queue_bind(queue.into(), EXCHANGE.into(), "#".into(), binding, none())
        .await?;
    let options = BasicConsumeOptions::default();
    channel
        .basic_consume(queue.into(), "test".into(), options, none())
        .await
}

/// Keeps what arrives until the connection ends.
async fn collect(mut deliveries: Consumer, events: &Mutex<Vec<Event>>) {
    while let Some(Ok(delivery)) = deliveries.next().await {
        let event = Event::of(&delivery);
        events
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(event);
        // An acknowledgement that is lost makes a duplicate, as for any consumer.
        let _ = delivery.ack(BasicAckOptions::default()).await;
    }
}
