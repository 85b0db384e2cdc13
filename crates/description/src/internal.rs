//! `/internal`: what timers and operators call.

use serde_json::{Value, json};

use crate::answer::Answer;
use crate::body::Body;
use crate::caller::Caller;
use crate::examples;
use crate::operation::Operation;
use crate::schema::{
    Field, Schema, boolean, count, field, list, number, object, optional, string, uuid,
};
use crate::schemas::dead_letter;
use crate::tag::Tag;

/// Its operations.
pub(crate) fn operations() -> Vec<Operation> {
    vec![warm(), show(), dead_letters(), drain(), replay(), sweep()]
}

fn operation(method: &'static str, path: &'static str, id: &'static str) -> Operation {
    Operation::new(method, path, id, Tag::Operation, Caller::Operator).stored()
}

fn done(description: &'static str, message: &str, data: Schema, example: Value) -> Answer {
    Answer::new(200, description, message, data, example)
}

fn warm() -> Operation {
    let data = object([
        field(
            "users",
            count(),
            "Users whose documents were put into the cache.",
        ),
        field(
            "complete",
            boolean(),
            "Whether the cache is warm; false if the time was up, or Redis away, before.",
        ),
    ]);
    operation("post", "/internal/cache/warm", "warmCache")
        .says(
            "Fill the cache after Redis was emptied",
            "With the documents of whoever was active within the last hour. A timer calls it; it takes 20 seconds at most.",
        )
        .answers(done(
            "What it has come to.",
            "Cache warmed",
            data,
            json!({"users": 0, "complete": true}),
        ))
}

fn show() -> Operation {
    let destination = object([
        field("destination", string(), "Which one."),
        field(
            "pending",
            count(),
            "How many events wait for their delivery.",
        ),
        field(
            "oldest_seconds",
            number(),
            "For how long the oldest has waited.",
        ),
        field("dead", count(), "How many were refused too often."),
    ]);
    let example = json!([
        {"destination": "rabbitmq", "pending": 3, "oldest_seconds": 0.25, "dead": 0},
    ]);
    operation("get", "/internal/outbox", "showOutbox")
        .says(
            "How each destination of events stands",
            "Those for which nothing waits are not listed.",
        )
        .answers(done(
            "One entry for each destination.",
            "Outbox retrieved successfully",
            list(destination),
            example,
        ))
}

fn dead_letters() -> Operation {
    operation(
        "get",
        "/internal/outbox/dead-letters",
        "listDeadLettersOfOutbox",
    )
    .says(
        "Events that their destination has refused too often",
        "The latest 100.",
    )
    .answers(done(
        "The events.",
        "Dead letters retrieved successfully",
        list(dead_letter::schema()),
        json!([dead_letter::example()]),
    ))
}

fn drain() -> Operation {
    let data = object([
        field(
            "delivered",
            count(),
            "Events that their destinations have now.",
        ),
        field("failed", count(), "Events that were tried in vain."),
    ]);
    operation("post", "/internal/outbox/drain", "drainOutbox")
        .says(
            "Deliver what waits in the outbox",
            "A timer calls it; it takes 15 seconds at most.",
        )
        .answers(done(
            "What it has come to.",
            "Outbox drained",
            data,
            json!({"delivered": 3, "failed": 0}),
        ))
}

fn replay() -> Operation {
    let ids = optional("ids", list(uuid()), "Which events; left out: all of them.");
    let body = Body::new(vec![ids], json!({"ids": [examples::EVENT_ID]})).in_json_only();
    operation("post", "/internal/outbox/replay", "replayOutbox")
        .says("Have dead letters delivered again", "")
        .takes(body)
        .answers(done(
            "They wait for their delivery.",
            "Dead letters replayed",
            dead_letter::replayed(),
            json!({"replayed": 1}),
        ))
}

fn sweep() -> Operation {
    let counts: [(&str, &str); 12] = [
        ("push_tokens", "Devices that were not seen for long."),
        ("delivery_slots", "Counts of deliveries that are long over."),
        (
            "dead_letters",
            "Events that nobody has replayed, or of users who are gone.",
        ),
        (
            "undeliverable_events",
            "Events for a destination that is none any more.",
        ),
        ("rate_limits", "Counts of attempts that count no more."),
        ("sessions", "Sessions that have expired."),
        (
            "audit_log",
            "Rows of the audit trail that were kept for long enough.",
        ),
        ("accounts", "Accounts that were to be erased."),
        ("account_tokens", "Tokens for an address that have expired."),
        ("expired_events", "Events that carry such a token."),
        (
            "idempotency_keys",
            "What was kept of requests that may be sent again.",
        ),
        (
            "legacy_refresh_tokens",
            "Refresh tokens of the service before this one that have expired.",
        ),
    ];
    let mut fields: Vec<Field> = counts
        .map(|(name, description)| field(name, count(), description))
        .into();
    fields.push(field(
        "complete",
        boolean(),
        "Whether nothing is left to remove.",
    ));
    let mut example: Value = counts
        .iter()
        .map(|(name, _)| ((*name).to_owned(), 0))
        .collect();
    example["complete"] = true.into();
    operation("post", "/internal/sweep", "sweep")
        .says(
            "Remove what is kept no longer",
            "A timer calls it; it takes 20 seconds at most.",
        )
        .answers(done(
            "How much was removed.",
            "Sweep completed",
            object(fields),
            example,
        ))
}
