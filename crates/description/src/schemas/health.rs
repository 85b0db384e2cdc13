//! What the health routes answer.

use crate::schema::{Field, Schema, constant, field, list, number, object, pattern, string, words};

/// The schemas.
pub(crate) fn schemas() -> Vec<(&'static str, Schema)> {
    vec![
        ("Health", object(with_found(whole()))),
        ("Liveness", object(with_found(Vec::new()))),
        ("Readiness", object(with_found(ready()))),
    ]
}

fn with_found(found: Vec<Field>) -> Vec<Field> {
    let status = words(["healthy", "degraded", "unhealthy"]);
    let mut fields = vec![
        field("service", constant("user-service"), "Who answers."),
        field(
            "status",
            status,
            "`degraded`: it serves, more slowly, without its cache.",
        ),
        field("timestamp", number(), "Seconds since 1970-01-01T00:00:00Z."),
        field("version", pattern(r"^\d+\.\d+\.\d+$"), "Of the service."),
    ];
    fields.extend(found);
    fields.push(field(
        "response_time_ms",
        number(),
        "Milliseconds that it took.",
    ));
    fields
}

fn whole() -> Vec<Field> {
    let checks = object([
        field("database", check(), "PostgreSQL's primary."),
        field("cache", check(), "Redis."),
    ]);
    let versions = object([
        field("postgresql", string().nullable(), "Null while it is away."),
        field("redis", string().nullable(), "Null while it is away."),
    ]);
    vec![
        field("checks", checks, "How each server stands."),
        field(
            "replicas",
            list(check()),
            "How each replica of PostgreSQL stands, in the order of the setting.",
        ),
        field(
            "outbox_oldest_seconds",
            number().nullable(),
            "For how long the oldest event has waited for its delivery.",
        ),
        field("versions", versions, "Major versions of servers."),
    ]
}

fn ready() -> Vec<Field> {
    let checks = object([field(
        "database",
        check(),
        "PostgreSQL's primary, or else a replica.",
    )]);
    vec![field("checks", checks, "What it depends on.")]
}

fn check() -> Schema {
    words(["healthy", "unhealthy"])
}
