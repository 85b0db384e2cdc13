//! `DELETE /api/v1/users/push-tokens/{id}`: forgets a push token of the caller.

use std::sync::Arc;

use api::{Access, ApiError, CurrentUser};
use axum::extract::State;
use axum::http::StatusCode;

use super::{Id, PUSH_TOKEN, outdate};

pub(crate) async fn delete(
    State(app): State<Arc<Access>>,
    caller: CurrentUser,
    Id(id): Id,
) -> Result<StatusCode, ApiError> {
    let row = app
        .database
        .statement(include_str!("delete.sql"))
        .bind(caller.id)
        .bind(id)
        .optional()
        .await?
        .ok_or(ApiError::NotFound(PUSH_TOKEN))?;
    outdate(&app, caller.id, row.get("version")?).await;
    Ok(StatusCode::NO_CONTENT)
}
