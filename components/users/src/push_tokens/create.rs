//! `POST /api/v1/users/push-tokens`: registers a push token of the caller.

use std::sync::Arc;

use api::{ApiError, Body, CurrentUser, Document, Origin, Success, Unauthenticated};
use axum::extract::State;
use domain::{PushTokenRegistration, UserId};
use store::{DatabaseError, Row};

use super::tell_both;
use crate::state::Users;

pub(crate) async fn create(
    State(app): State<Arc<Users>>,
    caller: CurrentUser,
    origin: Origin,
    body: Body,
) -> Result<Success<Document>, ApiError> {
    let registration = PushTokenRegistration::parse(&body)?;
    let row = write(&app, caller.id, &registration, &origin)
        .await?
        .ok_or(Unauthenticated::InvalidAccessToken)?;
    tell_both(&app, caller.id, &row).await?;
    let token = Document::from_row(&row, "document")?;
    Ok(if row.get("created")? {
        Success::created("Push token registered successfully", token)
    } else {
        Success::ok("Push token updated successfully", token)
    })
}

/// No row if the user is gone.
async fn write(
    app: &Users,
    user: UserId,
    registration: &PushTokenRegistration,
    origin: &Origin,
) -> Result<Option<Row>, DatabaseError> {
    app.database
        .statement(include_str!("create.sql"))
        .bind(user)
        .bind(registration.token.expose_secret())
        .bind(registration.platform.as_str())
        .bind(registration.token_type.map(domain::TokenType::as_str))
        .bind(registration.device_id.as_deref())
        .bind(registration.device_name.as_deref())
        .bind(registration.is_active)
        .bind(app.events.destinations())
        .bind(origin.text())
        .repeat_on(&["push_tokens_token_key", "push_tokens_device_key"])
        .optional()
        .await
}
