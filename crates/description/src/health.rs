//! `/health` and what is below.

use domain::ErrorCode;
use serde_json::json;

use crate::answer::Answer;
use crate::caller::Caller;
use crate::limit::Limit;
use crate::operation::Operation;
use crate::schema::reference;
use crate::tag::Tag;

/// Its operations.
pub(crate) fn operations() -> Vec<Operation> {
    vec![whole(), live(), ready()]
}

fn operation(path: &'static str, id: &'static str) -> Operation {
    Operation::new("get", path, id, Tag::Operation, Caller::Anyone)
}

fn answer(description: &'static str, schema: &str, found: serde_json::Value) -> Answer {
    let mut data = json!({
        "service": "user-service",
        "status": "healthy",
        "timestamp": 1_777_673_405.123_456,
        "version": env!("CARGO_PKG_VERSION"),
        "response_time_ms": 1.25,
    });
    if let (Some(data), serde_json::Value::Object(found)) = (data.as_object_mut(), found) {
        data.extend(found);
    }
    Answer::new(
        200,
        description,
        "Health check completed",
        reference(schema),
        data,
    )
}

fn whole() -> Operation {
    operation("/health", "health")
        .says(
            "How everything stands",
            "Whether the service can serve, and how everything stands that it builds on, as of a second ago at most.",
        )
        .limited_by(&[Limit::General])
        .refuses(&[ErrorCode::Unhealthy])
        .answers(answer(
            "It serves; `degraded` without its cache.",
            "Health",
            json!({
                "checks": {"database": "healthy", "cache": "healthy"},
                "replicas": [],
                "outbox_oldest_seconds": 0.0,
                "versions": {"postgresql": "15", "redis": "7"},
            }),
        ))
}

fn live() -> Operation {
    operation("/health/live", "liveness")
        .says(
            "Whether anything answers",
            "Asks nobody else: for who starts processes anew.",
        )
        .answers(answer("It does.", "Liveness", json!({})))
}

fn ready() -> Operation {
    operation("/health/ready", "readiness")
        .says(
            "Whether requests may be sent here",
            "Without PostgreSQL they may not; a replica is enough.",
        )
        .refuses(&[ErrorCode::Unhealthy])
        .answers(answer(
            "They may.",
            "Readiness",
            json!({"checks": {"database": "healthy"}}),
        ))
}
