//! `/api/docs`: this document as a page.

use crate::answer::Answer;
use crate::caller::Caller;
use crate::limit::Limit;
use crate::operation::Operation;
use crate::schema::{pattern, string};
use crate::tag::Tag;

/// Its operations.
pub(crate) fn operations() -> Vec<Operation> {
    vec![page(), asset()]
}

fn page() -> Operation {
    let example = "<!doctype html><html lang=\"en\">…</html>";
    let page = Answer::other("The page.", "text/html; charset=utf-8", string(), example);
    operation("/api/docs", "docs")
        .says(
            "This document as a page",
            "A page for a developer's browser, which shows all operations and tries them out.",
        )
        .answers(cached(page, "It is to be asked for each time."))
        .answers(cached(not_modified(), "It is to be asked for each time."))
}

fn asset() -> Operation {
    let script = Answer::other("The part.", "text/javascript; charset=utf-8", string(), "…");
    let asset = script.or_as("text/css; charset=utf-8");
    operation("/api/docs/{asset}", "docsAsset")
        .says(
            "A part of that page",
            "A script or a style sheet. Another content has another name.",
        )
        .path_parameter(
            "asset",
            pattern("^[A-Za-z0-9.-]+$"),
            "page.0123456789abcdef0123456789abcdef.js",
            "Its name, as the page has it.",
        )
        .answers(cached(asset, "It may be kept for ever."))
        .answers(cached(not_modified(), "It may be kept for ever."))
}

fn operation(path: &'static str, id: &'static str) -> Operation {
    Operation::new("get", path, id, Tag::Operation, Caller::Anyone)
        .limited_by(&[Limit::General])
        .header(
            "if-none-match",
            string(),
            r#"W/"0123456789abcdef""#,
            "The `etag` of the file that the client has.",
        )
}

fn not_modified() -> Answer {
    Answer::not_modified("The client has it already.")
}

fn cached(answer: Answer, how_long: &str) -> Answer {
    answer
        .with_header("etag", "What the file is known by.", string())
        .with_header("cache-control", how_long, pattern("^public, "))
}
