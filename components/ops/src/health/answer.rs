//! What the health routes answer.

use api::{ApiError, Context, Success};
use serde::Serialize;
use telemetry::Clock;

/// What all of them say, and more of what each has found out.
#[derive(Debug, Serialize)]
pub(crate) struct Health<F> {
    service: &'static str,
    status: Status,
    /// Seconds since 1970-01-01T00:00:00Z.
    timestamp: f64,
    version: &'static str,
    #[serde(flatten)]
    found: F,
    response_time_ms: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Status {
    /// Everything works.
    Healthy,
    /// It serves, more slowly, without its cache.
    Degraded,
    /// It can't serve.
    Unhealthy,
}

/// How one thing stands that the service builds on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Check {
    Healthy,
    Unhealthy,
}

impl From<bool> for Check {
    fn from(works: bool) -> Self {
        if works {
            Self::Healthy
        } else {
            Self::Unhealthy
        }
    }
}

/// Answers what was found out: 503 if the service can't serve.
pub(super) fn answer<F: Serialize>(
    context: &Context,
    status: Status,
    found: F,
) -> Result<Success<Health<F>>, ApiError> {
    let now = Clock.now();
    let health = Health {
        service: "user-service",
        status,
        timestamp: now.unix_seconds_fractional(),
        version: env!("CARGO_PKG_VERSION"),
        found,
        response_time_ms: now.since(context.begun()).as_secs_f64() * 1000.0,
    };
    match status {
        Status::Unhealthy => Err(ApiError::Unhealthy(serde_json::json!(health))),
        _ => Ok(Success::ok("Health check completed", health)),
    }
}
