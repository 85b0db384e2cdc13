//! `POST /api/v1/users/push-tokens`: registers a push token of the caller.

use std::sync::Arc;

use api::{
    ApiError, AuditOrigin, Body, CurrentUser, Document, Idempotency, Record, Success,
    Unauthenticated,
};
use axum::extract::State;
use domain::{PushTokenRegistration, UserId};
use store::{DatabaseError, Row};

use super::tell_both;
use crate::state::Users;

pub(crate) async fn create(
    State(app): State<Arc<Users>>,
    caller: CurrentUser,
    origin: AuditOrigin,
    idempotency: Idempotency,
    body: Body,
) -> Result<Success<Document>, ApiError> {
    let registration = PushTokenRegistration::parse(&body)?;
    let record = idempotency.record(&app, "push_token", &caller.id.to_string(), &body);
    let written = write(&app, caller.id, &registration, record.as_ref(), &origin).await;
    match (written, record) {
        (Ok(Some(row)), _) => {
            tell_both(&app, caller.id, &row).await?;
            answer(&row)
        }
        (Ok(None), _) => Err(Unauthenticated::InvalidAccessToken.into()),
        (Err(error), Some(record)) if Record::is_known(&error) => repeated(&app, &record).await,
        (Err(error), _) => Err(error.into()),
    }
}

fn answer(row: &Row) -> Result<Success<Document>, ApiError> {
    let token = Document::from_row(row, "document")?;
    Ok(if row.get("created")? {
        Success::created("Push token registered successfully", token)
    } else {
        Success::ok("Push token updated successfully", token)
    })
}

/// What the same request was answered before; what it did is not done again.
async fn repeated(app: &Users, record: &Record) -> Result<Success<Document>, ApiError> {
    let statement = app.database.statement(include_str!("create_repeated.sql"));
    let row = statement
        .bind(record.id.as_str())
        .bind(record.fingerprint.as_str())
        .optional()
        .await?;
    match row {
        Some(row) if row.get("is_same")? => answer(&row),
        _ => Err(ApiError::IdempotencyKeyReused),
    }
}

/// No row if the user is gone.
async fn write(
    app: &Users,
    user: UserId,
    registration: &PushTokenRegistration,
    record: Option<&Record>,
    origin: &AuditOrigin,
) -> Result<Option<Row>, DatabaseError> {
    app.database
        .statement(include_str!("create.sql"))
        .bind(user)
        .bind(registration.token.expose_secret())
        .bind(registration.platform.as_str())
        .bind(registration.token_type.map(domain::PushTokenType::as_str))
        .bind(registration.device_id.as_deref())
        .bind(registration.device_name.as_deref())
        .bind(registration.is_active)
        .bind(app.events.destinations())
        .bind(origin.text())
        .bind(record.map(|record| record.id.as_str()))
        .bind(record.map(|record| record.fingerprint.as_str()))
        .repeat_on(&["push_tokens_token_key", "push_tokens_device_key"])
        .optional()
        .await
}
