//! `DELETE /api/v1/users/push-tokens/{id}`: forgets a push token of the caller.

use std::sync::Arc;

use api::{ApiError, CurrentUser};
use axum::extract::State;
use axum::http::StatusCode;

use super::{Id, PUSH_TOKEN, tell};
use crate::state::Users;

pub(crate) async fn delete(
    State(app): State<Arc<Users>>,
    caller: CurrentUser,
    Id(id): Id,
) -> Result<StatusCode, ApiError> {
    let row = app
        .database
        .statement(include_str!("delete.sql"))
        .bind(caller.id)
        .bind(id)
        .bind(app.events.destinations())
        .optional()
        .await?
        .ok_or(ApiError::NotFound(PUSH_TOKEN))?;
    tell(&app, caller.id, row.get("version")?).await;
    Ok(StatusCode::NO_CONTENT)
}
