//! `POST /api/v1/admin/service-accounts/{name}/rotate`: gives an account a new secret, and shows it this
//! once; the old ones end.

use std::sync::Arc;

use api::staff::permission::ServicesWrite;
use api::{ApiError, AuditOrigin, Body, CurrentStaff, Success};
use axum::extract::State;
use domain::SecretRotation;
use serde::Serialize;

use super::{Name, SERVICE_ACCOUNT, Secret};
use crate::state::Admin;

/// The new secret, which is stored as a hash only.
#[derive(Debug, Serialize)]
pub(crate) struct Rotated {
    secret: String,
}

pub(crate) async fn rotate(
    State(app): State<Arc<Admin>>,
    caller: CurrentStaff<ServicesWrite>,
    Name(name): Name,
    origin: AuditOrigin,
    body: Body,
) -> Result<Success<Rotated>, ApiError> {
    let rotation = SecretRotation::parse(&body)?;
    let secret = Secret::random();
    app.database
        .statement(include_str!("rotate.sql"))
        .bind(origin.text())
        .bind(caller.id)
        .bind(rotation.reason.as_str())
        .bind(name.as_str())
        .bind(secret.hash)
        .bind(rotation.grace_seconds)
        .optional()
        .await?
        .ok_or(SERVICE_ACCOUNT)?;
    let rotated = Rotated {
        secret: secret.text,
    };
    Ok(Success::ok("Secret rotated successfully", rotated))
}
