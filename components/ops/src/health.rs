//! `GET /health`: whether the service can serve, and what it builds on.

use std::sync::Arc;

use api::{ApiError, Client, Context, Success, rate_limit};
use axum::extract::State;
use serde::Serialize;
use store::Freshness;

use crate::state::Ops;

/// What the answer says.
#[derive(Debug, Serialize)]
pub(crate) struct Health {
    service: &'static str,
    status: Status,
    /// Seconds since 1970-01-01T00:00:00Z.
    timestamp: f64,
    version: &'static str,
    checks: Checks,
    response_time_ms: f64,
}

#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
enum Status {
    /// Everything works.
    Healthy,
    /// It serves, more slowly, without its cache.
    Degraded,
    /// It can't serve.
    Unhealthy,
}

#[derive(Debug, Serialize)]
struct Checks {
    database: Check,
    cache: Check,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Check {
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

pub(crate) async fn health(
    State(app): State<Arc<Ops>>,
    client: Client,
    context: Context,
) -> Result<Success<Health>, ApiError> {
    rate_limit::count_anonymous(&app, &context, &client).await?;
    let checks = Checks {
        database: app
            .database
            .read("select 1", Freshness::Newest)
            .one()
            .await
            .is_ok()
            .into(),
        cache: app.redis.command("PING", &[]).await.is_ok().into(),
    };
    let status = match (checks.database, checks.cache) {
        (Check::Healthy, Check::Healthy) => Status::Healthy,
        (Check::Healthy, Check::Unhealthy) => Status::Degraded,
        (Check::Unhealthy, _) => Status::Unhealthy,
    };
    let now = app.clock.now();
    let health = Health {
        service: "user-service",
        status,
        timestamp: now.unix_seconds_fractional(),
        version: env!("CARGO_PKG_VERSION"),
        checks,
        response_time_ms: now.since(context.begun()).as_secs_f64() * 1000.0,
    };
    match status {
        Status::Unhealthy => Err(ApiError::Unhealthy(serde_json::json!(health))),
        _ => Ok(Success::ok("Health check completed", health)),
    }
}
