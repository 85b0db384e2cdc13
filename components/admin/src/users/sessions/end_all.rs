//! `DELETE /api/v1/admin/users/{id}/sessions`: ends all sessions of a user at once.

use std::sync::Arc;

use api::staff::permission::SessionsEnd;
use api::{ApiError, Success};
use axum::extract::State;

use crate::act::UserAct;
use crate::state::Admin;
use crate::users::USER;

pub(crate) async fn end_all(
    State(app): State<Arc<Admin>>,
    act: UserAct<SessionsEnd>,
) -> Result<Success<()>, ApiError> {
    let row = act
        .statement(&app, include_str!("end_all.sql"))
        .optional()
        .await?
        .ok_or(USER)?;
    act.tell(&app, &row).await?;
    Ok(Success::ok("Sessions ended successfully", ()))
}
