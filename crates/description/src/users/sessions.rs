//! `/api/v1/users/sessions` and what is below.

use serde_json::json;

use crate::answer::Answer;
use crate::caller::Caller;
use crate::examples;
use crate::operation::Operation;
use crate::schema::{boolean, count, field, list, object, string, timestamp, uuid};
use crate::tag::Tag;

/// Its operations.
pub(super) fn operations() -> [Operation; 3] {
    [show_all(), end_others(), delete()]
}

fn show_all() -> Operation {
    let session = object([
        field("id", uuid(), "Which session."),
        field(
            "device",
            string(),
            "What `user_agent` looks like: \"Firefox on Linux\".",
        ),
        field(
            "user_agent",
            string(),
            "What the client called itself at the login.",
        ),
        field(
            "ip_address",
            string().nullable(),
            "From where the login came.",
        ),
        field("created_at", timestamp(), "When it began."),
        field(
            "last_seen",
            timestamp(),
            "Its login, or the last renewal of its tokens.",
        ),
        field(
            "expires_at",
            timestamp(),
            "When it ends, however often it is renewed.",
        ),
        field("is_current", boolean(), "Whether it is the caller's own."),
    ]);
    let example = json!([{
        "id": examples::SESSION_ID,
        "device": "Firefox on Linux",
        "user_agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        "ip_address": "192.0.2.7",
        "created_at": examples::TIMESTAMP,
        "last_seen": examples::TIMESTAMP,
        "expires_at": examples::TIMESTAMP,
        "is_current": true,
    }]);
    Operation::new(
        "get",
        "/api/v1/users/sessions",
        "listSessions",
        Tag::Account,
        Caller::User,
    )
    .says(
        "Where the caller is signed in",
        "By page, the one that was used last first.",
    )
    .paged()
    .answers(
        Answer::new(
            200,
            "A page of live sessions.",
            "Sessions retrieved successfully",
            list(session),
            example,
        )
        .list(),
    )
}

fn end_others() -> Operation {
    let data = object([field("ended_count", count(), "How many have ended.")]);
    Operation::new(
        "post",
        "/api/v1/users/sessions/end_others",
        "endOtherSessions",
        Tag::Account,
        Caller::User,
    )
    .says(
        "Sign out everywhere else",
        "Ends all sessions but the one that the caller calls by.",
    )
    .answers(Answer::new(
        200,
        "They have ended.",
        "2 sessions ended successfully",
        data,
        json!({"ended_count": 2}),
    ))
}

fn delete() -> Operation {
    Operation::new(
        "delete",
        "/api/v1/users/sessions/{id}",
        "endSession",
        Tag::Account,
        Caller::User,
    )
    .says(
        "End one of the caller's sessions",
        "With all of its tokens, at once; perhaps the one that he calls by.",
    )
    .path_parameter("id", uuid(), examples::SESSION_ID, "Which session.")
    .answers(Answer::nothing("It has ended."))
}
