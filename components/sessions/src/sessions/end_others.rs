//! `POST /api/v1/users/sessions/end_others`: signs the caller out everywhere else.

use std::sync::Arc;

use api::{ApiError, AuditOrigin, CurrentUser, Success};
use axum::extract::State;
use domain::SessionId;
use serde::Serialize;

use crate::state::Sessions;

/// How many have ended.
#[derive(Debug, Serialize)]
pub(crate) struct Ended {
    ended_count: usize,
}

pub(crate) async fn end_others(
    State(app): State<Arc<Sessions>>,
    caller: CurrentUser,
    origin: AuditOrigin,
) -> Result<Success<Ended>, ApiError> {
    let row = app
        .database
        .statement(include_str!("end_others.sql"))
        .bind(caller.id)
        .bind(caller.session)
        .bind(origin.text())
        .one()
        .await?;
    let ended: Vec<SessionId> = row.get("ended_sessions")?;
    let ended_count = ended.len();
    let told = app.revoked(ended);
    app.cache.apply_or_note(caller.id, told).await;
    let message = format!("{ended_count} sessions ended successfully");
    Ok(Success::ok(message, Ended { ended_count }))
}
