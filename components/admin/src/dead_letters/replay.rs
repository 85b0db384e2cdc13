//! `POST /api/v1/admin/dead-letters/replay`: has dead letters delivered again, all of them or those of
//! `ids`.

use std::sync::Arc;

use api::staff::permission::DeadLettersReplay;
use api::{ApiError, AuditOrigin, Body, CurrentStaff, Success};
use axum::extract::State;
use domain::ReasonedReplay;
use serde::Serialize;
use store::outbox::ReplayedBy;

use crate::state::Admin;

/// How many there were.
#[derive(Debug, Serialize)]
pub(crate) struct Replayed {
    replayed: u64,
}

pub(crate) async fn replay(
    State(app): State<Arc<Admin>>,
    caller: CurrentStaff<DeadLettersReplay>,
    origin: AuditOrigin,
    body: Body,
) -> Result<Success<Replayed>, ApiError> {
    let request = ReasonedReplay::parse(&body)?;
    let by = ReplayedBy {
        origin: origin.text(),
        user: Some(caller.id),
        reason: Some(request.reason.as_str()),
    };
    let replayed = app
        .events
        .outbox()
        .replay(request.ids.as_deref(), by)
        .await?;
    Ok(Success::ok("Dead letters replayed", Replayed { replayed }))
}
