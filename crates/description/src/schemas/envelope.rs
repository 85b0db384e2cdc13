//! What is around every answer.

use domain::PageRequest;
use serde_json::json;

use crate::schema::{
    Schema, any_of, anything, boolean, constant, count, field, integer, list, object, reference,
    request, string,
};

/// The schemas.
pub(crate) fn schemas() -> Vec<(&'static str, Schema)> {
    vec![
        ("Success", success(reference("NoMeta"))),
        ("SuccessList", success(reference("Meta"))),
        ("Meta", meta()),
        ("NoMeta", no_meta()),
        ("FieldErrors", field_errors()),
    ]
}

/// Open, since operations say what `data` is and may add to it.
fn success(meta: Schema) -> Schema {
    request([
        field("success", constant(true), "It is done."),
        field(
            "message",
            string().with("minLength", 1),
            "What was done, for people; it may change.",
        ),
        field("data", anything(), "What the operation answers."),
        field("meta", meta, "The place of `data` in a list."),
    ])
}

fn meta() -> Schema {
    object([
        field(
            "total",
            count(),
            "How many there are in all; 0 where that is not counted.",
        ),
        field(
            "limit",
            integer(1, PageRequest::MOST.into()),
            "Most on a page.",
        ),
        field("page", integer(1, i64::MAX), "This page, counted from 1."),
        field(
            "total_pages",
            count(),
            "How many pages there are; 0 where that is not counted.",
        ),
        field("has_next", boolean(), "Whether more follow."),
        field("has_previous", boolean(), "Whether some precede."),
    ])
}

fn no_meta() -> Schema {
    let text = "Outside of lists it is always this.";
    object([
        field("total", constant(0), text),
        field("limit", constant(PageRequest::DEFAULT_LIMIT), text),
        field("page", constant(1), text),
        field("total_pages", constant(0), text),
        field("has_next", constant(false), text),
        field("has_previous", constant(false), text),
    ])
    .described(text)
}

fn field_errors() -> Schema {
    let problem = any_of([list(string()).with("minItems", 1), reference("FieldErrors")]);
    Schema::from(json!({"type": "object", "minProperties": 1}))
        .with("additionalProperties", problem.into_value())
        .described(
            "For each field the texts of all rules that it breaks; those of a nested object's fields, and of a list's elements by \
             their place, nest. What belongs to no single field stands under `error`.",
        )
}
