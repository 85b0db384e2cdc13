//! An event that could not be delivered.

use serde_json::{Value, json};

use crate::examples;
use crate::schema::{Schema, count, field, object, string, timestamp, uuid};

/// The event.
pub(crate) fn schema() -> Schema {
    object([
        field("id", uuid(), "Which event."),
        field("destination", string(), "Who refused it."),
        field(
            "type",
            string(),
            "What it tells; docs/events.md lists the types.",
        ),
        field("user_id", uuid(), "Of whom."),
        field("refusals", count(), "How often it was refused."),
        field("error", string(), "Why, at last."),
        field(
            "dead_at",
            timestamp(),
            "Since when it is not tried any more.",
        ),
    ])
}

/// Such an event.
pub(crate) fn example() -> Value {
    json!({
        "id": examples::EVENT_ID,
        "destination": "webhook",
        "type": "user.updated",
        "user_id": examples::USER_ID,
        "refusals": 20,
        "error": "the receiver answered 410",
        "dead_at": examples::TIMESTAMP,
    })
}

/// How many of them are delivered again.
pub(crate) fn replayed() -> Schema {
    object([field("replayed", count(), "How many there were.")])
}
