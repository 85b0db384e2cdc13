//! `DELETE /api/v1/admin/users/{id}`: erases an account with all that belongs to it.

use std::sync::Arc;

use api::staff::permission::UsersDelete;
use api::{ApiError, Success};
use axum::extract::State;

use super::USER;
use crate::act::UserAct;
use crate::state::Admin;

pub(crate) async fn delete(
    State(app): State<Arc<Admin>>,
    act: UserAct<UsersDelete>,
) -> Result<Success<()>, ApiError> {
    let row = act
        .statement(&app, include_str!("delete.sql"))
        .bind(app.events.destinations())
        .optional()
        .await?
        .ok_or(USER)?;
    act.tell(&app, &row).await?;
    Ok(Success::ok("User deleted successfully", ()))
}
