//! `POST /api/v1/admin/service-accounts/{name}/disable`: ends an account and its secrets, for good.

use std::sync::Arc;

use api::staff::permission::ServicesWrite;
use api::{ApiError, AuditOrigin, Body, CurrentStaff, Success};
use axum::extract::State;
use domain::Reason;

use super::{Name, SERVICE_ACCOUNT};
use crate::state::Admin;

pub(crate) async fn disable(
    State(app): State<Arc<Admin>>,
    caller: CurrentStaff<ServicesWrite>,
    Name(name): Name,
    origin: AuditOrigin,
    body: Body,
) -> Result<Success<()>, ApiError> {
    let reason = Reason::parse(&body)?;
    app.database
        .statement(include_str!("disable.sql"))
        .bind(origin.text())
        .bind(caller.id)
        .bind(reason.as_str())
        .bind(name.as_str())
        .optional()
        .await?
        .ok_or(SERVICE_ACCOUNT)?;
    Ok(Success::ok("Service account disabled successfully", ()))
}
