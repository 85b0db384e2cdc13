//! `GET /api/v1/admin/roles`: the roles, what each permits, and how many users have it.

use std::sync::Arc;

use api::staff::permission::RolesRead;
use api::{ApiError, CurrentStaff, Document, Success};
use axum::extract::State;
use store::Freshness;

use crate::state::Admin;

pub(crate) async fn roles(
    State(app): State<Arc<Admin>>,
    _: CurrentStaff<RolesRead>,
) -> Result<Success<Document>, ApiError> {
    let row = app
        .database
        .read(include_str!("roles.sql"), Freshness::Newest)
        .one()
        .await?;
    let roles = Document::from_row(&row, "documents")?;
    Ok(Success::ok("Roles retrieved successfully", roles))
}
