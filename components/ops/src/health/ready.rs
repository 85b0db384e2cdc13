//! `GET /health/ready`: whether requests may be sent here. Without PostgreSQL they may not; without its
//! primary a replica still answers reads.

use std::sync::Arc;

use api::{ApiError, Context, Success};
use axum::extract::State;
use serde::Serialize;

use super::answer::{Check, Health, Status, answer};
use crate::state::Ops;

/// What it depends on.
#[derive(Debug, Serialize)]
pub(crate) struct Found {
    checks: Checks,
}

#[derive(Debug, Serialize)]
struct Checks {
    database: Check,
}

pub(crate) async fn ready(
    State(app): State<Arc<Ops>>,
    context: Context,
) -> Result<Success<Health<Found>>, ApiError> {
    let is_usable = app.probes.database(&app).await.is_some()
        || app.probes.replicas(&app).await.contains(&true);
    let status = if is_usable {
        Status::Healthy
    } else {
        Status::Unhealthy
    };
    let database = is_usable.into();
    let checks = Checks { database };
    answer(&context, status, Found { checks })
}
