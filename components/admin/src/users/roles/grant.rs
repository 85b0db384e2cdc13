//! `PUT /api/v1/admin/users/{id}/roles/{role}`: grants a role to a user, at once.

use std::sync::Arc;

use api::staff::permission::RolesWrite;
use api::{ApiError, Success};
use axum::extract::State;

use super::change;
use crate::act::UserAct;
use crate::state::Admin;

pub(crate) async fn grant(
    State(app): State<Arc<Admin>>,
    act: UserAct<RolesWrite>,
) -> Result<Success<()>, ApiError> {
    change(&app, &act, include_str!("grant.sql")).await?;
    Ok(Success::ok("Role granted successfully", ()))
}
