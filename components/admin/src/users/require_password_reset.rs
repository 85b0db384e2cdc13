//! `POST /api/v1/admin/users/{id}/require-password-reset`: has a user reset his password before he signs
//! in again, and ends his sessions at once. Nobody sets a password for him.

use std::sync::Arc;

use api::staff::permission::PasswordsReset;
use api::{ApiError, Success};
use axum::extract::State;

use super::USER;
use crate::act::UserAct;
use crate::state::Admin;

pub(crate) async fn require_password_reset(
    State(app): State<Arc<Admin>>,
    act: UserAct<PasswordsReset>,
) -> Result<Success<()>, ApiError> {
    let row = act
        .statement(&app, include_str!("require_password_reset.sql"))
        .optional()
        .await?
        .ok_or(USER)?;
    act.tell(&app, &row).await?;
    Ok(Success::ok("Password reset required successfully", ()))
}
