//! The events of one user for one destination, and what became of them.

use domain::{EventId, UserId};
use serde::Serialize;

/// The first events of one user that wait for one destination, in their order.
#[derive(Clone, Debug)]
pub struct Stream {
    pub(super) user: UserId,
    pub(super) claimed_until: String,
    pub(super) additions: u64,
    pub(super) events: Vec<WaitingEvent>,
    pub(super) may_have_more: bool,
}

/// An event that waits for its delivery.
#[derive(Clone, Debug)]
pub struct WaitingEvent {
    /// The same each time it is delivered.
    pub id: EventId,
    /// What has happened: `user.registered`.
    pub event_type: String,
    /// The trace that its change was a part of (W3C Trace Context).
    pub traceparent: Option<String>,
    /// The CloudEvents document, as JSON.
    pub document: String,
}

/// What became of a stream that was claimed.
#[derive(Debug, Serialize)]
pub struct Outcome {
    #[serde(rename = "user_id")]
    user: UserId,
    claimed_until: String,
    additions: u64,
    delivered: Vec<EventId>,
    #[serde(flatten)]
    failure: Option<Failure>,
    has_more: bool,
}

/// An event that was not delivered.
#[derive(Clone, Debug, Serialize)]
pub struct Failure {
    /// Which one.
    #[serde(rename = "failed")]
    pub id: EventId,
    /// How many refusals that counts as: none if the destination could not be reached.
    pub refusals: u32,
    /// What went wrong; no part of the event.
    pub error: String,
}

impl Stream {
    /// Its events.
    pub fn events(&self) -> &[WaitingEvent] {
        &self.events
    }

    /// What became of it: its first `delivered` events have reached their destination, the one behind
    /// them has failed if there is a `failure`, and the rest was not tried.
    pub fn outcome(self, delivered: usize, failure: Option<Failure>) -> Outcome {
        let tried = delivered + usize::from(failure.is_some());
        Outcome {
            user: self.user,
            claimed_until: self.claimed_until,
            additions: self.additions,
            has_more: self.may_have_more || tried < self.events.len(),
            delivered: self
                .events
                .iter()
                .take(delivered)
                .map(|event| event.id)
                .collect(),
            failure,
        }
    }
}

impl Outcome {
    /// How many events reached their destination.
    pub fn delivered(&self) -> usize {
        self.delivered.len()
    }

    /// What did not.
    pub fn failure(&self) -> Option<&Failure> {
        self.failure.as_ref()
    }

    /// Counts its failure as a refusal, which the destination has not said itself.
    pub fn count_as_refusal(&mut self) {
        if let Some(failure) = &mut self.failure {
            failure.refusals = failure.refusals.max(1);
        }
    }
}
