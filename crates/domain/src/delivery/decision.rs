//! What is decided about a message, and why.

use serde::Serialize;
use serde::ser::{SerializeStruct, Serializer};

use super::reason::Reason;
use crate::timestamp::Timestamp;

/// What to do with a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Send it now.
    Allow,
    /// Ask again when quiet hours are over.
    Defer {
        /// The end of the quiet hours.
        until: Timestamp,
    },
    /// Put it together with others into one message.
    Digest {
        /// When the limit will leave room for that message, as far as that is known.
        next_slot_at: Option<Timestamp>,
    },
    /// Never send it.
    Drop,
}

impl Outcome {
    /// The word for it in answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Defer { .. } => "defer",
            Self::Digest { .. } => "digest",
            Self::Drop => "drop",
        }
    }

    fn until(self) -> Option<Timestamp> {
        match self {
            Self::Defer { until } => Some(until),
            _ => None,
        }
    }

    fn next_slot_at(self) -> Option<Timestamp> {
        match self {
            Self::Digest { next_slot_at } => next_slot_at,
            _ => None,
        }
    }
}

/// A decision: serializes to `{outcome, until, next_slot_at, reasons}`, with null for a time that
/// the outcome has not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// What to do with the message.
    pub outcome: Outcome,
    /// Whether it takes one of the slots that the frequency limit leaves. Only an allowed message
    /// does, and only where there is a limit that counts it.
    pub takes_slot: bool,
    /// What each rule found that was looked at, in their order. If the outcome is not to allow it,
    /// the last one decided that.
    pub reasons: Vec<Reason>,
}

impl Serialize for Decision {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut decision = serializer.serialize_struct("Decision", 4)?;
        decision.serialize_field("outcome", self.outcome.as_str())?;
        decision.serialize_field("until", &self.outcome.until())?;
        decision.serialize_field("next_slot_at", &self.outcome.next_slot_at())?;
        decision.serialize_field("reasons", &self.reasons)?;
        decision.end()
    }
}
