//! `PUT`, `PATCH /api/v1/users/push-tokens/{id}`: changes what is given, and keeps the rest.

use std::sync::Arc;

use api::{Access, ApiError, Body, CurrentUser, Document, Success};
use axum::extract::State;
use domain::{FieldErrors, PushTokenChange, PushTokenId, UserId};
use store::{DatabaseError, Row};

use super::{Id, PUSH_TOKEN, outdate_both};

pub(crate) async fn update(
    State(app): State<Arc<Access>>,
    caller: CurrentUser,
    Id(id): Id,
    body: Body,
) -> Result<Success<Document>, ApiError> {
    let change = PushTokenChange::parse(&body)?;
    let row = write(&app, caller.id, id, &change)
        .await
        .map_err(device_taken)?
        .ok_or(ApiError::NotFound(PUSH_TOKEN))?;
    let token: Option<String> = row.get("document")?;
    let token = Document::new(token.ok_or_else(token_taken)?)?;
    outdate_both(&app, caller.id, &row).await?;
    Ok(Success::ok("Push token updated successfully", token))
}

async fn write(
    app: &Access,
    user: UserId,
    id: PushTokenId,
    change: &PushTokenChange,
) -> Result<Option<Row>, DatabaseError> {
    app.database
        .statement(include_str!("update.sql"))
        .bind(user)
        .bind(id)
        .bind(
            change
                .token
                .as_ref()
                .map(domain::PushTokenValue::expose_secret),
        )
        .bind(change.platform.map(domain::Platform::as_str))
        .bind(change.token_type.map(domain::TokenType::as_str))
        .bind(change.device_id.as_deref())
        .bind(change.device_name.as_deref())
        .bind(change.is_active)
        .repeat_on(&["push_tokens_token_key"])
        .optional()
        .await
}

/// The token is the one of another row of the caller.
fn token_taken() -> ApiError {
    FieldErrors::one("token", "push token with this token already exists.").into()
}

fn device_taken(error: DatabaseError) -> ApiError {
    if error.violates("push_tokens_device_key") {
        let text = "push token with this device_id and platform already exists.";
        FieldErrors::one("device_id", text).into()
    } else {
        error.into()
    }
}
