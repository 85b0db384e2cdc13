//! Delivering what waits in the outbox.

use std::time::{Duration, Instant};

use domain::UserId;
use serde::Serialize;
use store::DatabaseError;
use store::outbox::{Failure, Outcome, WaitingEvent};
use telemetry::{Level, LogLine};

use super::rabbitmq::RabbitMq;
use super::webhook::Webhook;
use super::{Destination, Events};
use crate::random;

/// What a delivery has come to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Delivered {
    /// Events that their destinations have now.
    pub delivered: u64,
    /// Events that were tried in vain.
    pub failed: u64,
    /// Whether a destination could not be reached.
    #[serde(skip)]
    pub(super) is_away: bool,
}

/// An event that did not reach its destination.
#[derive(Debug)]
pub(super) struct Undelivered {
    /// True if the destination refused it; false if it could not be reached.
    pub(super) refused: bool,
    /// Why; no part of the event.
    pub(super) error: String,
}

impl Events {
    /// Delivers what is due: events of `users`, or of anybody, until there are no more of them or
    /// `time` is up.
    ///
    /// # Errors
    /// [`DatabaseError`]: what was delivered may be delivered again.
    pub async fn deliver(
        &self,
        users: Option<&[UserId]>,
        time: Duration,
    ) -> Result<Delivered, DatabaseError> {
        let until = Instant::now() + time;
        let mut total = Delivered::default();
        for destination in &self.0.destinations {
            let delivered = self.deliver_to(destination, users, until).await?;
            total.delivered += delivered.delivered;
            total.failed += delivered.failed;
            total.is_away |= delivered.is_away;
        }
        Ok(total)
    }

    async fn deliver_to(
        &self,
        destination: &Destination,
        users: Option<&[UserId]>,
        until: Instant,
    ) -> Result<Delivered, DatabaseError> {
        let name = destination.name();
        let mut way = Way::to(destination);
        let mut total = Delivered::default();
        while Instant::now() < until {
            let events = self.0.outbox.claim(name, users).await?;
            if events.is_empty() {
                break;
            }
            let outcome = way.deliver(events).await;
            total.delivered += u64::try_from(outcome.delivered.len()).unwrap_or(u64::MAX);
            total.failed += u64::from(outcome.failed.is_some());
            self.settle(name, &outcome).await?;
            if outcome.failed.is_some_and(|failure| !failure.refused) {
                total.is_away = true;
                break;
            }
        }
        Ok(total)
    }

    async fn settle(&self, destination: &str, outcome: &Outcome) -> Result<(), DatabaseError> {
        let is_dead = self
            .0
            .outbox
            .settle(
                destination,
                outcome,
                self.0.most_refusals,
                random::fraction(),
            )
            .await?;
        if let Some(failure) = &outcome.failed {
            let (level, message) = if is_dead {
                (Level::Error, "an event became a dead letter")
            } else {
                (Level::Warn, "an event was not delivered")
            };
            LogLine::new(level, message)
                .with("destination", destination)
                .with("event_id", failure.id.to_string())
                .with("error", &*failure.error)
                .write();
        }
        Ok(())
    }
}

/// The way to a destination for one delivery.
#[derive(Debug)]
enum Way<'a> {
    RabbitMq(RabbitMq<'a>),
    Webhook(&'a Webhook),
}

impl<'a> Way<'a> {
    fn to(destination: &'a Destination) -> Self {
        match destination {
            Destination::RabbitMq(mqtt) => Self::RabbitMq(RabbitMq::new(mqtt)),
            Destination::Webhook(webhook) => Self::Webhook(webhook),
        }
    }

    /// Delivers `events` in their order, up to the first that fails.
    async fn deliver(&mut self, events: Vec<WaitingEvent>) -> Outcome {
        let mut outcome = Outcome::default();
        for event in events {
            if outcome.failed.is_some() {
                outcome.untried.push(event.id);
                continue;
            }
            match self.deliver_one(&event).await {
                Ok(()) => outcome.delivered.push(event.id),
                Err(Undelivered { refused, error }) => {
                    outcome.failed = Some(Failure {
                        id: event.id,
                        refused,
                        error,
                    });
                }
            }
        }
        outcome
    }

    async fn deliver_one(&mut self, event: &WaitingEvent) -> Result<(), Undelivered> {
        match self {
            Self::RabbitMq(way) => way.deliver(event).await,
            Self::Webhook(webhook) => webhook.deliver(event).await,
        }
    }
}
