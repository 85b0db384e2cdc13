//! `GET /health`: whether the service can serve, and how everything stands that it builds on.

use std::sync::Arc;

use api::{ApiError, Client, Context, Success, rate_limit};
use axum::extract::State;
use futures_util::future::join3;
use serde::Serialize;

use super::answer::{Check, Health, Status, answer};
use crate::state::Ops;

/// What was found out within the last second.
#[derive(Debug, Serialize)]
pub(crate) struct Found {
    checks: Checks,
    /// In the order of the setting.
    replicas: Vec<Check>,
    /// For how long the oldest event has waited for its delivery.
    outbox_oldest_seconds: Option<f64>,
    versions: Versions,
}

#[derive(Debug, Serialize)]
struct Checks {
    database: Check,
    cache: Check,
}

/// Major versions.
#[derive(Debug, Serialize)]
struct Versions {
    postgresql: Option<String>,
    redis: Option<String>,
}

pub(crate) async fn health(
    State(app): State<Arc<Ops>>,
    client: Client,
    context: Context,
) -> Result<Success<Health<Found>>, ApiError> {
    rate_limit::count_anonymous(&app, &context, &client).await?;
    let (database, cache, replicas) = Box::pin(join3(
        app.probes.database(&app),
        app.probes.cache(&app),
        app.probes.replicas(&app),
    ))
    .await;
    let checks = Checks {
        database: database.is_some().into(),
        cache: cache.is_some().into(),
    };
    let status = match (checks.database, checks.cache) {
        (Check::Healthy, Check::Healthy) => Status::Healthy,
        (Check::Healthy, Check::Unhealthy) => Status::Degraded,
        (Check::Unhealthy, _) => Status::Unhealthy,
    };
    let found = Found {
        checks,
        replicas: replicas.into_iter().map(Check::from).collect(),
        outbox_oldest_seconds: database.map(|database| database.oldest_event_seconds),
        versions: Versions {
            postgresql: database.map(|database| database.version.to_string()),
            redis: cache.map(|cache| cache.version),
        },
    };
    answer(&context, status, found)
}
