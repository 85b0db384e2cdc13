//! `POST /api/v1/users/push-tokens/deactivate_all`: silences all devices of the caller.

use std::sync::Arc;

use api::{ApiError, CurrentUser, Success};
use axum::extract::State;
use serde::Serialize;

use super::tell;
use crate::state::Users;

/// How many were active before.
#[derive(Debug, Serialize)]
pub(crate) struct Deactivated {
    deactivated_count: u64,
}

pub(crate) async fn deactivate_all(
    State(app): State<Arc<Users>>,
    caller: CurrentUser,
) -> Result<Success<Deactivated>, ApiError> {
    let row = app
        .database
        .statement(include_str!("deactivate_all.sql"))
        .bind(caller.id)
        .bind(app.events.destinations())
        .one()
        .await?;
    let deactivated_count = row.get("deactivated_count")?;
    if let Some(version) = row.get("version")? {
        tell(&app, caller.id, version).await;
    }
    let message = format!("{deactivated_count} push tokens deactivated successfully");
    Ok(Success::ok(message, Deactivated { deactivated_count }))
}
