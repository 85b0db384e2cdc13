//! `POST /api/v1/admin/service-accounts`: makes an account, and shows its secret this once.

use std::sync::Arc;

use api::staff::permission::ServicesWrite;
use api::{ApiError, AuditOrigin, Body, CurrentStaff, Success};
use axum::extract::State;
use domain::{FieldErrors, NewServiceAccount, ServiceAccountId};
use serde::Serialize;

use super::{Secret, names};
use crate::state::Admin;

/// The account with its secret, which is stored as a hash only.
#[derive(Debug, Serialize)]
pub(crate) struct Created {
    id: ServiceAccountId,
    name: String,
    permissions: Vec<String>,
    secret: String,
}

pub(crate) async fn create(
    State(app): State<Arc<Admin>>,
    caller: CurrentStaff<ServicesWrite>,
    origin: AuditOrigin,
    body: Body,
) -> Result<Success<Created>, ApiError> {
    let account = NewServiceAccount::parse(&body)?;
    let secret = Secret::random();
    let row = app
        .database
        .statement(include_str!("create.sql"))
        .bind(origin.text())
        .bind(caller.id)
        .bind(account.reason.as_str())
        .bind(account.name.as_str())
        .bind(names(&account.permissions))
        .bind(secret.hash)
        .optional()
        .await?
        .ok_or_else(taken)?;
    let created = Created {
        id: row.get("id")?,
        name: account.name.to_string(),
        permissions: names(&account.permissions),
        secret: secret.text,
    };
    Ok(Success::created(
        "Service account created successfully",
        created,
    ))
}

fn taken() -> FieldErrors {
    FieldErrors::one("name", "There is a service account of this name already.")
}
