//! `/api/v1/services/delivery` and what is below.

use domain::ServicePermission;
use domain::delivery::{
    Category, Channel, DeliveryBatch, IdempotencyKey, ReasonCode, Rule, Verdict,
};
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::body::Body;
use crate::caller::Caller;
use crate::examples;
use crate::operation::Operation;
use crate::schema::{
    Field, Schema, any_of, field, list, object, optional, pattern, request, string, timestamp,
    uuid, words,
};
use crate::tag::Tag;

pub(super) fn decide() -> Operation {
    let key = pattern(&format!(
        "^[A-Za-z0-9._:-]{{1,{}}}$",
        IdempotencyKey::LONGEST
    ))
    .nullable();
    let key = optional(
        "idempotency_key",
        key,
        "What the caller calls this request: the same again is free, for two days.",
    );
    let one = request(message().into_iter().chain([key]));
    let batch = request([field(
        "requests",
        list(one.clone())
            .with("minItems", 1)
            .with("maxItems", DeliveryBatch::MOST),
        "Several at once, no two with the same key.",
    )]);
    let mut example = message_example();
    example["idempotency_key"] = "invoice-4711".into();
    let decisions = object([field(
        "decisions",
        list(decision()),
        "In the order of `requests`.",
    )]);
    operation("/api/v1/services/delivery/decide", "decideDelivery")
        .says(
            "Whether messages may go out",
            "What to do with each, and why: docs/delivery.md has the rules. One that is allowed takes a slot of its user's limit.",
        )
        .takes(Body::of(any_of([batch, one]), example, true))
        .answers(Answer::new(
            200,
            "The decision; of a batch all of them.",
            "Delivery decided",
            any_of([decision(), decisions]),
            decision_example(),
        ))
}

pub(super) fn explain() -> Operation {
    let now = string().with("format", "date-time").nullable();
    let mut fields = message();
    fields.push(optional(
        "now",
        now,
        "At which time; left out or null: now.",
    ));
    operation("/api/v1/services/delivery/explain", "explainDelivery")
        .says(
            "What would be decided about a message",
            "Now or at another time. Nothing is taken.",
        )
        .takes(Body::new(fields, message_example()))
        .answers(Answer::new(
            200,
            "The decision.",
            "Delivery explained",
            decision(),
            decision_example(),
        ))
}

fn operation(path: &'static str, id: &'static str) -> Operation {
    let caller = Caller::Service(ServicePermission::DeliveryDecide);
    Operation::new("post", path, id, Tag::Services, caller)
}

fn message() -> Vec<Field> {
    vec![
        field("user_id", uuid(), "To whom; there need not be such a user."),
        field(
            "channel",
            words(Channel::ALL.map(Channel::as_str)),
            "On which way.",
        ),
        field(
            "category",
            words(Category::ALL.map(Category::as_str)),
            "About what.",
        ),
    ]
}

fn message_example() -> Value {
    json!({"user_id": examples::USER_ID, "channel": "email", "category": "system"})
}

fn decision() -> Schema {
    let reason = object([
        field("rule", words(Rule::ALL.map(Rule::as_str)), "Which rule."),
        field(
            "verdict",
            words(Verdict::ALL.map(Verdict::as_str)),
            "Whether it has settled the matter.",
        ),
        field(
            "code",
            words(ReasonCode::ALL.map(ReasonCode::as_str)),
            "What it found, for programs.",
        ),
        field("text", string(), "What it found, for people."),
    ]);
    object([
        field(
            "outcome",
            words(["allow", "defer", "digest", "drop"]),
            "What to do with the message.",
        ),
        field(
            "until",
            timestamp().nullable(),
            "`defer`: when to ask again.",
        ),
        field(
            "next_slot_at",
            timestamp().nullable(),
            "`digest`: when the limit leaves room, as far as that is known.",
        ),
        field(
            "reasons",
            list(reason).with("minItems", 1),
            "What each rule found that was looked at, in their order.",
        ),
    ])
}

fn decision_example() -> Value {
    let reason = |rule: &str, verdict: &str, code: &str, text: &str| json!({"rule": rule, "verdict": verdict, "code": code, "text": text});
    json!({
        "outcome": "allow",
        "until": null,
        "next_slot_at": null,
        "reasons": [
            reason("account", "passed", "account_active", "The account exists and is active."),
            reason("channel_switch", "passed", "channel_on", "The user takes e-mails."),
            reason("category_switch", "passed", "category_on", "The user takes system e-mails."),
            reason("quiet_hours", "skipped", "quiet_hours_none", "The user has set no quiet hours."),
            reason("frequency_limit", "passed", "frequency_limit_below", "0 of 50 slots are taken."),
        ],
    })
}
