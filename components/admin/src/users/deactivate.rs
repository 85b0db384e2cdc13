//! `POST /api/v1/admin/users/{id}/deactivate`: keeps a user from signing in, and ends his sessions at once.

use std::sync::Arc;

use api::staff::permission::UsersActivate;
use api::{ApiError, Success};
use axum::extract::State;

use crate::act::UserAct;
use crate::state::Admin;

pub(crate) async fn deactivate(
    State(app): State<Arc<Admin>>,
    act: UserAct<UsersActivate>,
) -> Result<Success<()>, ApiError> {
    let row = act
        .statement(&app, include_str!("deactivate.sql"))
        .bind(app.events.destinations())
        .optional()
        .await?;
    // Without a row it was so before.
    if let Some(row) = row {
        act.tell(&app, &row).await?;
    }
    Ok(Success::ok("User deactivated successfully", ()))
}
