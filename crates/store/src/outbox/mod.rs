//! The outbox: events that were written with the changes that they tell of, until their
//! destinations have them.

mod stream;

use domain::{EventId, UserId};
use serde::Serialize;

use crate::{Database, DatabaseError, Row};

pub use stream::{Failure, Outcome, Stream, WaitingEvent};

/// How long who has claimed events may take to deliver them, in seconds. Longer than a host lets a
/// request live.
const LONGEST_DELIVERY: u64 = 40;

/// Of how many users events are claimed at once, and how many of each.
const MOST_USERS: u64 = 20;
const MOST_EVENTS: usize = 10;

/// The outbox.
#[derive(Clone, Debug)]
pub struct Outbox {
    database: Database,
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DeadLetter {
    /// Which one.
    pub id: EventId,
    /// Who refused it.
    pub destination: String,
    /// What it tells.
    #[serde(rename = "type")]
    pub event_type: String,
    /// Of whom.
    #[serde(rename = "user_id")]
    pub user: UserId,
    /// How often it was refused.
    pub refusals: u64,
    /// Why, at last.
    pub error: String,
    /// Since when it is not tried any more, in ISO 8601.
    pub dead_at: String,
}

/// Who has dead letters delivered again, for the audit trail.
#[derive(Clone, Copy, Debug)]
pub struct ReplayedBy<'a> {
    /// From where the request comes.
    pub origin: &'a str,
    /// The user, if it is one: else an operator.
    pub user: Option<UserId>,
    /// Why, if there is a reason.
    pub reason: Option<&'a str>,
}

impl Outbox {
    /// The outbox in `database`.
    pub fn new(database: Database) -> Self {
        Self { database }
    }

    /// Takes events for `destination` that are due: those of `users`, or of anybody. Whoever takes
    /// them has to [`settle`](Self::settle) them.
    ///
    /// # Errors
    /// [`DatabaseError`]: nothing was taken, or it is free again after a while.
    pub async fn claim(
        &self,
        destination: &str,
        users: Option<&[UserId]>,
    ) -> Result<Vec<Stream>, DatabaseError> {
        let rows = self
            .database
            .statement(include_str!("claim.sql"))
            .bind(destination)
            .bind(users.map(texts))
            .bind(MOST_USERS)
            .bind(MOST_EVENTS as u64)
            .bind(LONGEST_DELIVERY)
            .many()
            .await?;
        streams(&rows)
    }

    /// Writes down what became of events that were claimed, and gives their users free. An event that
    /// was refused `most_refusals` times becomes a dead letter; any other that failed is tried again,
    /// later and later. `jitter` is a random number from 0 to 1. Answers the new dead letters.
    ///
    /// # Errors
    /// [`DatabaseError`]: the events will be delivered once more.
    pub async fn settle(
        &self,
        destination: &str,
        outcomes: &[Outcome],
        most_refusals: u32,
        jitter: f64,
    ) -> Result<Vec<EventId>, DatabaseError> {
        let outcomes = serde_json::to_string(outcomes)
            .map_err(|error| DatabaseError::Shape(error.to_string()))?;
        let rows = self
            .database
            .statement(include_str!("settle.sql"))
            .bind(destination)
            .bind(outcomes)
            .bind(u64::from(most_refusals))
            .bind(jitter)
            .many()
            .await?;
        rows.iter().map(|row| row.get("id")).collect()
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

    /// Makes dead letters events to deliver again: those of `events`, or all. The audit trail keeps
    /// that. Answers how many.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn replay(
        &self,
        events: Option<&[EventId]>,
        by: ReplayedBy<'_>,
    ) -> Result<u64, DatabaseError> {
        let row = self
            .database
            .statement(include_str!("replay.sql"))
            .bind(events.map(texts))
            .bind(by.origin)
            .bind(by.user)
            .bind(by.reason)
            .one()
            .await?;
        row.get("replayed")
    }
}

/// The streams that `rows` hold: a row for each event, or one without an event.
fn streams(rows: &[Row]) -> Result<Vec<Stream>, DatabaseError> {
    let mut streams: Vec<Stream> = Vec::new();
    for row in rows {
        let user = row.get("user_id")?;
        if streams.last().is_none_or(|last| last.user != user) {
            streams.push(Stream {
                user,
                claimed_until: row.get("claimed_until")?,
                additions: row.get("additions")?,
                events: Vec::new(),
                may_have_more: false,
            });
        }
        let Some((stream, id)) = streams.last_mut().zip(row.get::<Option<EventId>>("id")?) else {
            continue;
        };
        stream.events.push(WaitingEvent {
            id,
            event_type: row.get("type")?,
            traceparent: row.get("traceparent")?,
            document: row.get("document")?,
        });
        stream.may_have_more = stream.events.len() == MOST_EVENTS;
    }
    Ok(streams)
}

fn texts(ids: &[impl ToString]) -> Vec<String> {
    ids.iter().map(ToString::to_string).collect()
}
