//! The outbox: events that were written with the changes that they tell of, until their
//! destinations have them.

use domain::{EventId, UserId};

use crate::{Database, DatabaseError};

/// How long who has claimed events may take to deliver them, in seconds. Longer than a host lets a
/// request live.
const LONGEST_DELIVERY: u64 = 40;

/// Of how many users events are claimed at once.
const MOST_USERS: u64 = 50;

/// The outbox.
#[derive(Clone, Debug)]
pub struct Outbox {
    database: Database,
}

/// An event that waits for its delivery.
#[derive(Clone, Debug)]
pub struct WaitingEvent {
    /// The same each time it is delivered.
    pub id: EventId,
    /// What has happened: `user.registered`.
    pub event_type: String,
    /// The CloudEvents document, as JSON.
    pub document: String,
}

/// What became of claimed events, in their order.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Their destination has these.
    pub delivered: Vec<EventId>,
    /// This one it does not have.
    pub failed: Option<Failure>,
    /// These were not tried, since one before them failed.
    pub untried: Vec<EventId>,
}

/// An event that was not delivered.
#[derive(Debug)]
pub struct Failure {
    /// Which one.
    pub id: EventId,
    /// True if the destination refused this event; false if it could not be reached.
    pub refused: bool,
    /// What went wrong; no part of the event.
    pub error: String,
}

/// How a destination stands.
#[derive(Clone, Debug, PartialEq)]
pub struct DestinationState {
    /// Its name.
    pub destination: String,
    /// Events that wait for their delivery.
    pub pending: u64,
    /// For how long the oldest of them has waited, in seconds.
    pub oldest_seconds: f64,
    /// Events that it has refused too often.
    pub dead: u64,
}

/// An event that its destination has refused too often.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeadLetter {
    /// Which one.
    pub id: EventId,
    /// Who refused it.
    pub destination: String,
    /// What it tells.
    pub event_type: String,
    /// Of whom.
    pub user: UserId,
    /// How often it was refused.
    pub refusals: u64,
    /// Why, at last.
    pub error: String,
    /// Since when it is not tried any more, in ISO 8601.
    pub dead_at: String,
}

impl Outbox {
    /// The outbox in `database`.
    pub fn new(database: Database) -> Self {
        Self { database }
    }

    /// Takes events for `destination` that are due: those of `users`, or of anybody. Each user's
    /// come in their order. Whoever takes them has to `settle` them.
    ///
    /// # Errors
    /// [`DatabaseError`]: nothing was taken, or it is free again after a while.
    pub async fn claim(
        &self,
        destination: &str,
        users: Option<&[UserId]>,
    ) -> Result<Vec<WaitingEvent>, DatabaseError> {
        let rows = self
            .database
            .statement(include_str!("claim.sql"))
            .bind(destination)
            .bind(users.map(texts))
            .bind(MOST_USERS)
            .bind(LONGEST_DELIVERY)
            .many()
            .await?;
        rows.iter()
            .map(|row| {
                Ok(WaitingEvent {
                    id: row.get("id")?,
                    event_type: row.get("type")?,
                    document: row.get("document")?,
                })
            })
            .collect()
    }

    /// Writes down what became of events that were claimed. An event that was refused `most_refusals`
    /// times becomes a dead letter; any other is tried again, later and later. `jitter` is a random
    /// number from 0 to 1. Answers whether there is a new dead letter.
    ///
    /// # Errors
    /// [`DatabaseError`]: the events will be delivered once more.
    pub async fn settle(
        &self,
        destination: &str,
        outcome: &Outcome,
        most_refusals: u32,
        jitter: f64,
    ) -> Result<bool, DatabaseError> {
        let failed = outcome.failed.as_ref();
        let row = self
            .database
            .statement(include_str!("settle.sql"))
            .bind(destination)
            .bind(texts(&outcome.delivered))
            .bind(failed.map(|failed| failed.id))
            .bind(failed.is_some_and(|failed| failed.refused))
            .bind(failed.map(|failed| &*failed.error))
            .bind(u64::from(most_refusals))
            .bind(texts(&outcome.untried))
            .bind(jitter)
            .one()
            .await?;
        row.get("is_dead")
    }

    /// How the destinations stand that have events or dead letters.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn state(&self) -> Result<Vec<DestinationState>, DatabaseError> {
        let statement = self.database.statement(include_str!("state.sql"));
        let rows = statement.many().await?;
        rows.iter()
            .map(|row| {
                Ok(DestinationState {
                    destination: row.get("destination")?,
                    pending: row.get("pending")?,
                    oldest_seconds: row.get("oldest_seconds")?,
                    dead: row.get("dead")?,
                })
            })
            .collect()
    }

    /// The latest dead letters, `most` of them.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn dead_letters(&self, most: u32) -> Result<Vec<DeadLetter>, DatabaseError> {
        let statement = self.database.statement(include_str!("dead_letters.sql"));
        let rows = statement.bind(u64::from(most)).many().await?;
        rows.iter()
            .map(|row| {
                Ok(DeadLetter {
                    id: row.get("id")?,
                    destination: row.get("destination")?,
                    event_type: row.get("type")?,
                    user: row.get("user_id")?,
                    refusals: row.get("refusals")?,
                    error: row.get::<Option<String>>("last_error")?.unwrap_or_default(),
                    dead_at: row.get("dead_at")?,
                })
            })
            .collect()
    }

    /// Makes dead letters events to deliver again: those of `events`, or all. Answers how many.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn replay(&self, events: Option<&[EventId]>) -> Result<u64, DatabaseError> {
        let statement = self.database.statement(include_str!("replay.sql"));
        let row = statement.bind(events.map(texts)).one().await?;
        row.get("replayed")
    }
}

fn texts(ids: &[impl ToString]) -> Vec<String> {
    ids.iter().map(ToString::to_string).collect()
}
