//! `/api/schema`: this document.

use serde_json::json;

use crate::answer::Answer;
use crate::caller::Caller;
use crate::limit::Limit;
use crate::operation::Operation;
use crate::schema::{any_object, pattern, string};
use crate::tag::Tag;

/// Its operation.
pub(crate) fn operations() -> Vec<Operation> {
    let document = Answer::other(
        "The document.",
        "application/vnd.oai.openapi+json;version=3.1",
        any_object(),
        json!({"openapi": "3.1.0"}),
    );
    let operation = Operation::new(
        "get",
        "/api/schema",
        "schema",
        Tag::Operation,
        Caller::Anyone,
    )
    .says(
        "This document",
        "The description of all operations, in OpenAPI 3.1.",
    )
    .limited_by(&[Limit::General])
    .header(
        "if-none-match",
        string(),
        r#"W/"0123456789abcdef""#,
        "The `etag` of the document that the client has.",
    )
    .answers(cached(document))
    .answers(cached(Answer::not_modified("The client has it already.")));
    vec![operation]
}

fn cached(answer: Answer) -> Answer {
    answer
        .with_header("etag", "What the document is known by.", string())
        .with_header(
            "cache-control",
            "It may be kept for five minutes.",
            pattern("^public, max-age="),
        )
}
