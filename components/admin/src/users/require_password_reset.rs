//! `POST /api/v1/admin/users/{id}/require-password-reset`: has a user reset his password before he signs
//! in again, ends his sessions at once, and has a message with a token sent to his address. Nobody sets a
//! password for him.

use std::sync::Arc;

use api::account_token::{CODE_LIFETIME, Purpose};
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
    let new = app.new_token(Purpose::PasswordReset, &act.email);
    let row = act
        .statement(&app, include_str!("require_password_reset.sql"))
        .bind(new.token_hash)
        .bind(new.code_hash)
        .bind(u64::from(app.reset_token_lifetime))
        .bind(CODE_LIFETIME)
        .bind(new.token)
        .bind(new.code.expose_secret())
        .bind(app.events.destinations())
        .optional()
        .await?
        .ok_or(USER)?;
    act.tell(&app, &row).await?;
    Ok(Success::ok("Password reset required successfully", ()))
}
