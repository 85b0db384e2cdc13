//! `POST /api/v1/admin/users/{id}/verify`: marks the e-mail address of a user as verified.

use std::sync::Arc;

use api::staff::permission::UsersVerify;
use api::{ApiError, Success};
use axum::extract::State;

use crate::act::UserAct;
use crate::state::Admin;

pub(crate) async fn verify(
    State(app): State<Arc<Admin>>,
    act: UserAct<UsersVerify>,
) -> Result<Success<()>, ApiError> {
    let row = act
        .statement(&app, include_str!("verify.sql"))
        .bind(app.events.destinations())
        .optional()
        .await?;
    // Without a row it was so before.
    if let Some(row) = row {
        act.tell(&app, &row).await?;
    }
    Ok(Success::ok("User verified successfully", ()))
}
