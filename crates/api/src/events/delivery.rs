//! Delivering what waits in the outbox.

use std::time::{Duration, Instant};

use domain::UserId;
use futures_util::future::join_all;
use serde::Serialize;
use store::DatabaseError;
use store::outbox::Outcome;
use telemetry::{Level, LogLine};

use super::destination::Destination;
use super::way::Way;
use super::{Events, Shared};
use crate::random;

/// How long a batch may take before what is left of it is given back: with the limit of its last
/// request, much less than a claim holds.
const LONGEST_BATCH: Duration = Duration::from_secs(10);

/// What a delivery has come to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Delivered {
    /// Events that their destinations have now.
    pub delivered: usize,
    /// Events that were tried in vain.
    pub failed: usize,
}

impl Events {
    /// Delivers what is due to all destinations, until there is no more of it or `time` is up. A
    /// destination that is away keeps none of the others from theirs.
    ///
    /// # Errors
    /// [`DatabaseError`]: what was delivered may be delivered again.
    pub async fn deliver(&self, time: Duration) -> Result<Delivered, DatabaseError> {
        let until = Instant::now() + time;
        let deliveries = self.0.destinations.iter().map(async |destination| {
            let mut way = destination.way();
            self.0.deliver(destination, &mut way, None, until).await
        });
        let mut total = Delivered::default();
        for delivered in join_all(deliveries).await {
            let Delivered { delivered, failed } = delivered?;
            total.delivered += delivered;
            total.failed += failed;
        }
        Ok(total)
    }
}

impl Shared {
    /// Delivers to `destination` what is due, events of `users` or of anybody, until there are no
    /// more of them, the destination is away or it is `until`.
    ///
    /// # Errors
    /// [`DatabaseError`]: what was delivered may be delivered again.
    pub(super) async fn deliver(
        &self,
        destination: &Destination,
        way: &mut Way<'_>,
        users: Option<&[UserId]>,
        until: Instant,
    ) -> Result<Delivered, DatabaseError> {
        let name = destination.name();
        let mut total = Delivered::default();
        while Instant::now() < until && !way.is_away() {
            let streams = self.outbox.claim(name, users).await?;
            if streams.is_empty() {
                break;
            }
            let batch_until = until.min(Instant::now() + LONGEST_BATCH);
            let outcomes = way.deliver(streams, batch_until, self.most_refusals).await;
            total.delivered += outcomes.iter().map(Outcome::delivered).sum::<usize>();
            total.failed += outcomes.iter().filter_map(Outcome::failure).count();
            self.settle(name, &outcomes).await?;
        }
        Ok(total)
    }

    async fn settle(&self, destination: &str, outcomes: &[Outcome]) -> Result<(), DatabaseError> {
        let dead = self
            .outbox
            .settle(
                destination,
                outcomes,
                self.most_refusals,
                random::fraction(),
            )
            .await?;
        for failure in outcomes.iter().filter_map(Outcome::failure) {
            let (level, message) = if dead.contains(&failure.id) {
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
