//! `/api/v1/admin/dead-letters` and what is below.

use domain::StaffPermission;
use serde_json::json;

use super::{operation, reason, with_reason};
use crate::answer::Answer;
use crate::body::Body;
use crate::examples;
use crate::operation::Operation;
use crate::paging;
use crate::schema::{list, optional, uuid};
use crate::schemas::dead_letter;

/// Its operations.
pub(super) fn operations() -> [Operation; 2] {
    [show_all(), replay()]
}

fn show_all() -> Operation {
    operation(
        "get",
        "/api/v1/admin/dead-letters",
        "listDeadLetters",
        StaffPermission::DeadLettersRead,
    )
    .says(
        "Events that their destination has refused too often",
        "The latest, `limit` of them.",
    )
    .query("limit", paging::limit(), 10, "How many.")
    .query(
        "page",
        paging::page(),
        1,
        "It is not looked at, but has to be a number.",
    )
    .answers(Answer::new(
        200,
        "The events.",
        "Dead letters retrieved successfully",
        list(dead_letter::schema()),
        json!([dead_letter::example()]),
    ))
}

fn replay() -> Operation {
    let ids = optional("ids", list(uuid()), "Which events; left out: all of them.");
    let body = Body::new(
        vec![ids, reason()],
        with_reason(json!({"ids": [examples::EVENT_ID]})),
    );
    operation(
        "post",
        "/api/v1/admin/dead-letters/replay",
        "replayDeadLetters",
        StaffPermission::DeadLettersReplay,
    )
    .says(
        "Have dead letters delivered again",
        "All of them, or those of `ids`.",
    )
    .takes(body.in_json_only())
    .answers(Answer::new(
        200,
        "They wait for their delivery.",
        "Dead letters replayed",
        dead_letter::replayed(),
        json!({"replayed": 1}),
    ))
}
