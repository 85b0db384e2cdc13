//! `PUT`, `PATCH /api/v1/users/push-tokens/{id}`: changes what is given, and keeps the rest.

use std::sync::Arc;

use api::{ApiError, AuditOrigin, Body, CurrentUser, Document, Success};
use axum::extract::State;
use domain::{FieldErrors, PushTokenChange, PushTokenId, UserId};
use serde_json::Value;
use store::{DatabaseError, Row};

use super::{Id, PUSH_TOKEN, tell_both};
use crate::state::Users;

pub(crate) async fn update(
    State(app): State<Arc<Users>>,
    caller: CurrentUser,
    Id(id): Id,
    origin: AuditOrigin,
    body: Body,
) -> Result<Success<Document>, ApiError> {
    let change = match PushTokenChange::parse(&body) {
        Ok(change) => change,
        Err(errors) => return Err(with_taken_token(&app, caller.id, id, &body, errors).await?),
    };
    let row = write(&app, caller.id, id, &change, &origin)
        .await
        .map_err(device_taken)?
        .ok_or(ApiError::NotFound(PUSH_TOKEN))?;
    let token: Option<String> = row.get("document")?;
    let token = Document::new(token.ok_or(refused(&row)?)?)?;
    tell_both(&app, caller.id, &row).await?;
    Ok(Success::ok("Push token updated successfully", token))
}

async fn write(
    app: &Users,
    user: UserId,
    id: PushTokenId,
    change: &PushTokenChange,
    origin: &AuditOrigin,
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
        .bind(change.token_type.map(domain::PushTokenType::as_str))
        .bind(change.device_id.as_deref())
        .bind(change.device_name.as_deref())
        .bind(change.is_active)
        .bind(app.events.destinations())
        .bind(origin.text())
        .repeat_on(&["push_tokens_token_key"])
        .optional()
        .await
}

/// What is wrong with the request, and that its token is the one of another push token of the
/// caller, if it is: all is told at once.
async fn with_taken_token(
    app: &Users,
    user: UserId,
    id: PushTokenId,
    body: &Value,
    mut errors: FieldErrors,
) -> Result<ApiError, ApiError> {
    let token = body
        .get("token")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let statement = app.database.statement(include_str!("update_token.sql"));
    let statement = statement.bind(user).bind(id);
    // What PostgreSQL can't hold is nobody's token.
    if !token.contains('\0') && statement.bind(token.trim()).one().await?.get("is_taken")? {
        errors.merge(token_taken());
    }
    Ok(errors.into())
}

/// Why nothing was changed, if it was not.
fn refused(row: &Row) -> Result<FieldErrors, DatabaseError> {
    Ok(if row.get("is_of_another_type")? {
        let text = "The stored token is not of this type; send the token, too.";
        FieldErrors::one("token_type", text)
    } else {
        token_taken()
    })
}

fn token_taken() -> FieldErrors {
    FieldErrors::one("token", "push token with this token already exists.")
}

fn device_taken(error: DatabaseError) -> ApiError {
    if error.violates("push_tokens_device_key") {
        let text = "push token with this device_id and platform already exists.";
        FieldErrors::one("device_id", text).into()
    } else {
        error.into()
    }
}
