//! `PUT /api/v1/admin/service-accounts/{name}/permissions`: sets what an account may do.

use std::sync::Arc;

use api::staff::permission::ServicesWrite;
use api::{ApiError, AuditOrigin, Body, CurrentStaff, Success};
use axum::extract::State;
use domain::ServicePermissions;

use super::{Name, SERVICE_ACCOUNT, names};
use crate::state::Admin;

pub(crate) async fn permit(
    State(app): State<Arc<Admin>>,
    caller: CurrentStaff<ServicesWrite>,
    Name(name): Name,
    origin: AuditOrigin,
    body: Body,
) -> Result<Success<()>, ApiError> {
    let change = ServicePermissions::parse(&body)?;
    app.database
        .statement(include_str!("permit.sql"))
        .bind(origin.text())
        .bind(caller.id)
        .bind(change.reason.as_str())
        .bind(name.as_str())
        .bind(names(&change.permissions))
        .optional()
        .await?
        .ok_or(SERVICE_ACCOUNT)?;
    Ok(Success::ok("Permissions set successfully", ()))
}
