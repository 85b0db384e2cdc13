//! `/api/v1/unsubscribe/{link}`.

use domain::ErrorCode;
use serde_json::json;

use crate::answer::Answer;
use crate::body::Body;
use crate::caller::Caller;
use crate::limit::Limit;
use crate::operation::Operation;
use crate::schema::{constant, field, pattern, string};
use crate::tag::Tag;

/// Its operations.
pub(crate) fn operations() -> Vec<Operation> {
    vec![show(), post()]
}

fn operation(method: &'static str, id: &'static str) -> Operation {
    Operation::new(
        method,
        "/api/v1/unsubscribe/{link}",
        id,
        Tag::Unsubscribing,
        Caller::Anyone,
    )
    .limited_by(&[Limit::General])
    .path_parameter(
        "link",
        pattern("^[A-Za-z0-9._-]+$"),
        "1AZNaDkhkcoKws6MyidXEGCQBAQ.c2lnbmF0dXJl",
        "Whose messages of which kind, signed. It does not expire.",
    )
}

fn page(description: &'static str) -> Answer {
    let example = "<!doctype html><html lang=\"en\">…</html>";
    Answer::other(description, "text/html; charset=utf-8", string(), example)
}

fn show() -> Operation {
    operation("get", "showUnsubscribe")
        .says(
            "Ask whether to unsubscribe",
            "A page for a person's browser. It changes nothing, since what scans mail follows links.",
        )
        .answers(page("A page with a button that unsubscribes."))
}

fn post() -> Operation {
    let body = Body::new(
        vec![field(
            "List-Unsubscribe",
            constant("One-Click"),
            "It has to be meant.",
        )],
        json!({"List-Unsubscribe": "One-Click"}),
    )
    .forms(&["application/x-www-form-urlencoded", "multipart/form-data"]);
    operation("post", "unsubscribe")
        .says(
            "Unsubscribe with one click",
            "Switches the messages of this kind off (RFC 8058). It needs no login and may be repeated.",
        )
        .takes(body)
        .never_refuses(&[ErrorCode::UnsupportedMediaType, ErrorCode::ValidationFailed])
        .stored()
        .answers(page("A page that says so."))
}
