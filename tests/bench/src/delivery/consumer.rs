//! A consumer of the events, with a queue of its own, that remembers when each has arrived.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use futures::StreamExt;
use lapin::options::{BasicConsumeOptions, QueueBindOptions, QueueDeclareOptions};
use lapin::types::FieldTable;
use lapin::{Connection, ConnectionProperties};
use serde_json::Value;
use tokio::task::JoinHandle;
use tokio::time::sleep;

use crate::delivery::changes::Change;

const EXCHANGE: &str = "user.events";
/// A name that the reader may give to a queue of his.
const QUEUE: &str = "events-bench";
/// The only events that are counted.
const ROUTING_KEY: &str = "user.preferences_updated";
/// How often it is looked whether all have arrived.
const LOOK: Duration = Duration::from_millis(5);

/// When the event of a user's change with a number has arrived first.
type Arrivals = HashMap<(String, u32), Instant>;

/// A running consumer. Dropping it ends it.
#[derive(Debug)]
pub(super) struct Consumer {
    arrivals: Arc<Mutex<Arrivals>>,
    collector: JoinHandle<()>,
    /// The queue lives as long.
    _connection: Connection,
}

impl Consumer {
    /// Begins to consume from the broker at `url`.
    ///
    /// # Errors
    /// If the broker refuses that.
    pub(super) async fn start(url: &str) -> Result<Self> {
        let connection = Connection::connect(url, ConnectionProperties::default()).await;
        let connection = connection.context("can't connect to RabbitMQ")?;
        let channel = connection.create_channel().await?;
        let none = FieldTable::default;
        let declare = QueueDeclareOptions {
            exclusive: true,
            auto_delete: true,
            ..QueueDeclareOptions::default()
        };
        channel.queue_declare(QUEUE.into(), declare, none()).await?;
        let bind = QueueBindOptions::default();
        channel
            .queue_bind(
                QUEUE.into(),
                EXCHANGE.into(),
                ROUTING_KEY.into(),
                bind,
                none(),
            )
            .await?;
        let options = BasicConsumeOptions {
            no_ack: true,
            ..BasicConsumeOptions::default()
        };
        let mut deliveries = channel
            .basic_consume(QUEUE.into(), "bench".into(), options, none())
            .await?;
        let arrivals = Arc::new(Mutex::new(Arrivals::new()));
        let known = Arc::clone(&arrivals);
        let collector = tokio::spawn(async move {
            while let Some(Ok(delivery)) = deliveries.next().await {
                let now = Instant::now();
                if let Some(change) = change_of(&delivery.data) {
                    let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
                    // One that is delivered again arrived the first time.
                    known.entry(change).or_insert(now);
                }
            }
        });
        Ok(Self {
            arrivals,
            collector,
            _connection: connection,
        })
    }

    /// Waits until the events of `changes` are there, but no longer than `patience`; answers those
    /// that are, and when they came.
    pub(super) async fn wait_for(
        &self,
        changes: &[Change],
        patience: Duration,
    ) -> Vec<(Change, Instant)> {
        let begun = Instant::now();
        loop {
            let arrived = self.arrived(changes);
            if arrived.len() == changes.len() || begun.elapsed() >= patience {
                return arrived;
            }
            sleep(LOOK).await;
        }
    }

    fn arrived(&self, changes: &[Change]) -> Vec<(Change, Instant)> {
        let arrivals = self.arrivals.lock().unwrap_or_else(PoisonError::into_inner);
        let found = changes.iter().filter_map(|change| {
            let arrived = arrivals.get(&(change.user.clone(), change.number))?;
            Some((change.clone(), *arrived))
        });
        found.collect()
    }
}

impl Drop for Consumer {
    fn drop(&mut self) {
        self.collector.abort();
    }
}

/// Whose change an event tells of, and what he has set.
fn change_of(body: &[u8]) -> Option<(String, u32)> {
    let event: Value = serde_json::from_slice(body).ok()?;
    let number = event
        .pointer("/data/preferences/frequency_limit")?
        .as_u64()?;
    let user = event["subject"].as_str()?;
    Some((user.to_owned(), number.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_names_its_change() {
        let event = br#"{"subject": "7", "data": {"preferences": {"frequency_limit": 3}}}"#;
        assert_eq!(change_of(event), Some(("7".to_owned(), 3)));
        assert_eq!(change_of(br#"{"subject": "7", "data": {}}"#), None);
        assert_eq!(change_of(b"no JSON"), None);
    }
}
