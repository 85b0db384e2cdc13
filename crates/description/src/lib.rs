//! The description of the API: the `OpenAPI` 3.1 document, and the list of error codes.
//!
//! A file for each group of URLs says what its operations take and answer. Limits and words come from
//! `domain`, where the code has them from. `cargo xtask generate` writes `openapi.json` and
//! `docs/errors.md`; tests hold both against the routers and against every answer of the suite over HTTP.

mod admin;
mod answer;
mod api_docs;
mod api_schema;
mod auth;
mod body;
mod caller;
pub mod errors;
pub mod examples;
mod failure;
mod headers;
mod health;
mod internal;
mod limit;
mod metrics;
mod operation;
mod paging;
mod schema;
mod schemas;
mod services;
mod tag;
#[cfg(test)]
mod tests;
mod unsubscribe;
mod users;
mod well_known;

use std::collections::BTreeMap;

use domain::ErrorCode;
use serde_json::{Map, Value, json};

use crate::operation::Operation;

/// The document.
pub fn document() -> Value {
    let operations = operations();
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "user-service",
            "version": env!("CARGO_PKG_VERSION"),
            "summary": "Accounts, sessions, notification preferences and push tokens of a notification system.",
            "description": include_str!("introduction.md"),
            "license": {"name": "Apache License 2.0", "identifier": env!("CARGO_PKG_LICENSE")},
        },
        "servers": [{"url": "/"}],
        "tags": tag::tags(),
        "paths": paths(&operations),
        "components": {
            "securitySchemes": caller::security_schemes(),
            "parameters": headers::request_headers(),
            "headers": headers::components(),
            "responses": responses(&operations),
            "schemas": schemas(&operations),
        },
    })
}

/// The document as it is committed and served.
pub fn text() -> String {
    format!("{:#}\n", document())
}

/// `schema`, a part of `document`, as a JSON Schema by itself: what it refers to is in it.
#[must_use]
pub fn standalone(document: &Value, schema: &Value) -> Value {
    let schemas = &document["components"]["schemas"];
    json!({"allOf": [schema], "components": {"schemas": schemas}})
}

/// All operations, in the order of the document.
fn operations() -> Vec<Operation> {
    [
        users::operations(),
        auth::operations(),
        unsubscribe::operations(),
        services::operations(),
        admin::operations(),
        api_docs::operations(),
        api_schema::operations(),
        well_known::operations(),
        health::operations(),
        metrics::operations(),
        internal::operations(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn paths(operations: &[Operation]) -> Map<String, Value> {
    let mut paths = Map::new();
    for operation in operations {
        let path = paths.entry(operation.path).or_insert_with(|| {
            let names = [
                "x-request-id",
                "traceparent",
                "tracestate",
                "accept-encoding",
            ];
            let reference = |name| json!({"$ref": format!("#/components/parameters/{name}")});
            json!({"parameters": names.map(reference)})
        });
        path[operation.method] = operation.value();
    }
    paths
}

/// What several operations share, and what each takes.
fn schemas(operations: &[Operation]) -> Map<String, Value> {
    let bodies = operations.iter().filter_map(Operation::body_schema);
    let bodies = bodies.map(|(name, schema)| (name, schema.into_value()));
    schemas::components().into_iter().chain(bodies).collect()
}

/// Each set of codes that an operation has for a status, once. That of a method which a URL does not take
/// is no operation's, but there.
fn responses(operations: &[Operation]) -> Map<String, Value> {
    let sets = operations
        .iter()
        .flat_map(|operation| operation.failures().into_values());
    let sets: BTreeMap<String, Vec<ErrorCode>> = sets
        .chain([vec![ErrorCode::MethodNotAllowed], vec![ErrorCode::NotFound]])
        .map(|codes| (failure::name(&codes), codes))
        .collect();
    sets.into_iter()
        .map(|(name, codes)| (name, failure::response(&codes)))
        .collect()
}
