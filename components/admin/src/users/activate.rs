//! `POST /api/v1/admin/users/{id}/activate`: lets a user sign in again.

use std::sync::Arc;

use api::staff::permission::UsersActivate;
use api::{ApiError, Success};
use axum::extract::State;

use crate::act::UserAct;
use crate::state::Admin;

pub(crate) async fn activate(
    State(app): State<Arc<Admin>>,
    act: UserAct<UsersActivate>,
) -> Result<Success<()>, ApiError> {
    let row = act
        .statement(&app, include_str!("activate.sql"))
        .bind(app.events.destinations())
        .optional()
        .await?;
    // Without a row it was so before.
    if let Some(row) = row {
        act.tell(&app, &row).await?;
    }
    Ok(Success::ok("User activated successfully", ()))
}
