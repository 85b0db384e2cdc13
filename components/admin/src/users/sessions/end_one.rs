//! `DELETE /api/v1/admin/users/{id}/sessions/{session}`: ends a session of a user at once.

use std::sync::Arc;

use api::staff::permission::SessionsEnd;
use api::{ApiError, Success};
use axum::extract::State;
use domain::SessionId;

use crate::act::UserAct;
use crate::state::Admin;

/// There is no such session of this user.
const SESSION: ApiError = ApiError::NotFound("Session");

pub(crate) async fn end_one(
    State(app): State<Arc<Admin>>,
    act: UserAct<SessionsEnd>,
) -> Result<Success<()>, ApiError> {
    let session = SessionId::parse(act.segment("session")).map_err(|_| SESSION)?;
    let row = act
        .statement(&app, include_str!("end_one.sql"))
        .bind(session)
        .optional()
        .await?
        .ok_or(SESSION)?;
    act.tell(&app, &row).await?;
    Ok(Success::ok("Session ended successfully", ()))
}
