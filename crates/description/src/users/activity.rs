//! `/api/v1/users/activity`.

use serde_json::json;

use crate::answer::Answer;
use crate::caller::Caller;
use crate::examples;
use crate::operation::Operation;
use crate::schema::{Field, any_object, field, list, object, string, timestamp, uuid, words};
use crate::tag::Tag;

pub(super) fn get() -> Operation {
    let mut fields = act_fields();
    fields.insert(
        5,
        field(
            "device",
            string().nullable(),
            "What the client called itself looks like.",
        ),
    );
    let example = json!([{
        "id": "01935a0e-4864-7f00-9a1b-3c5d7e9f1a2b",
        "action": "authn_login_success",
        "outcome": "success",
        "by": "you",
        "ip_address": "192.0.2.7",
        "device": "Firefox on Linux",
        "details": {},
        "occurred_at": examples::TIMESTAMP,
    }]);
    Operation::new(
        "get",
        "/api/v1/users/activity",
        "listActivity",
        Tag::Account,
        Caller::User,
    )
    .says(
        "What was done to the caller's account",
        "By whom and from where, by page, the latest first; the last 1,000 acts. Of what administrators, other users, services and \
         operators did, it is told neither from where nor what was noted.",
    )
    .paged()
    .answers(
        Answer::new(
            200,
            "A page of acts.",
            "Activity retrieved successfully",
            list(object(fields)),
            example,
        )
        .list(),
    )
}

/// What the owner of an account sees of an act.
pub(super) fn act_fields() -> Vec<Field> {
    vec![
        field("id", uuid(), "Which act."),
        field(
            "action",
            string(),
            "What was done; docs/audit.md lists the words.",
        ),
        field(
            "outcome",
            words(["success", "failure"]),
            "Whether it was done or refused.",
        ),
        field(
            "by",
            words(["you", "user", "anonymous", "service", "operator"]),
            "Who did it.",
        ),
        field("ip_address", string().nullable(), "From where."),
        field(
            "details",
            any_object(),
            "What else there is to say, by the kind of act.",
        ),
        field("occurred_at", timestamp(), "When."),
    ]
}
