//! `POST /api/v1/admin/users/{id}/unlock`: forgets the attempts at signing in to an account, so that its
//! owner may try again at once.

use std::sync::Arc;

use api::rate_limit::forget_attempts;
use api::staff::permission::UsersUnlock;
use api::{ApiError, Success};
use axum::extract::State;
use serde::Serialize;

use super::USER;
use crate::act::UserAct;
use crate::state::Admin;

/// Whether all counts are forgotten. Without Redis those that it has end with their windows.
#[derive(Debug, Serialize)]
pub(crate) struct Unlocked {
    complete: bool,
}

pub(crate) async fn unlock(
    State(app): State<Arc<Admin>>,
    act: UserAct<UsersUnlock>,
) -> Result<Success<Unlocked>, ApiError> {
    let row = act
        .statement(&app, include_str!("unlock.sql"))
        .optional()
        .await?
        .ok_or(USER)?;
    let email: String = row.get("email")?;
    let addresses: Vec<String> = row.get("addresses")?;
    let forgotten = forget_attempts(&app, act.subject, &email, &addresses).await;
    let complete = forgotten.is_ok() || !app.redis.is_configured();
    Ok(Success::ok(
        "User unlocked successfully",
        Unlocked { complete },
    ))
}
