//! `PUT`, `PATCH /api/v1/users/profile`: changes what is given, and keeps the rest.

use std::sync::Arc;

use api::{ApiError, Body, CurrentUser, Document, Success, Unauthenticated};
use axum::extract::State;
use domain::{FieldErrors, ProfileChange, UserId, Username};
use serde_json::Value;
use store::user_cache::{CachedDocument, Change};
use store::{DatabaseError, Row};

use crate::state::Users;

pub(crate) async fn update(
    State(app): State<Arc<Users>>,
    caller: CurrentUser,
    body: Body,
) -> Result<Success<Document>, ApiError> {
    let change = match ProfileChange::parse(&body) {
        Ok(change) => change,
        Err(errors) => return Err(with_taken_username(&app, caller.id, &body, errors).await?),
    };
    let row = write(&app, caller.id, &change)
        .await
        .map_err(taken)?
        .ok_or(Unauthenticated::InvalidAccessToken)?;
    let user = Document::from_row(&row, "user_document")?;
    app.cache
        .apply_or_note(caller.id, vec![told(&row, &user)?])
        .await;
    app.events.deliver_soon([caller.id]);
    Ok(Success::ok("Profile updated successfully", user))
}

/// No row if the user is gone.
async fn write(
    app: &Users,
    user: UserId,
    change: &ProfileChange,
) -> Result<Option<Row>, DatabaseError> {
    let ProfileChange {
        username,
        phone_number,
        profile,
    } = change;
    app.database
        .statement(include_str!("update.sql"))
        .bind(user)
        .bind(username.as_ref().map(Username::as_str))
        .bind(phone_number.is_some())
        .bind(
            phone_number
                .as_ref()
                .and_then(Option::as_ref)
                .map(domain::PhoneNumber::as_str),
        )
        .bind(profile.first_name.as_deref())
        .bind(profile.last_name.as_deref())
        .bind(profile.avatar_url.is_some())
        .bind(
            profile
                .avatar_url
                .as_ref()
                .and_then(Option::as_ref)
                .map(domain::AvatarUrl::as_str),
        )
        .bind(profile.timezone.as_ref().map(domain::TimeZone::as_str))
        .bind(profile.language.as_ref().map(domain::LanguageTag::as_str))
        .bind(profile.bio.as_deref())
        .bind(app.events.destinations())
        .optional()
        .await
}

/// What Redis is to know: the object as it is now or, if another change came between, that it has
/// changed.
fn told(row: &Row, user: &Document) -> Result<Change, ApiError> {
    let is_current: bool = row.get("document_is_current")?;
    Ok(Change::Document {
        document: CachedDocument::User,
        version: row.get("version")?,
        value: is_current.then(|| user.text().to_owned()),
    })
}

/// What is wrong with the request, and that its user name is taken, if it is: all is told at once.
async fn with_taken_username(
    app: &Users,
    user: UserId,
    body: &Value,
    mut errors: FieldErrors,
) -> Result<ApiError, ApiError> {
    let username = body.get("username").and_then(Value::as_str);
    if let Some(username) = username.and_then(|username| Username::parse(username.trim()).ok()) {
        let statement = app.database.statement(include_str!("update_username.sql"));
        let row = statement.bind(user).bind(username.as_str()).one().await?;
        if row.get("is_taken")? {
            errors.merge(username_taken());
        }
    }
    Ok(errors.into())
}

fn username_taken() -> FieldErrors {
    FieldErrors::one("username", "A user with that username already exists.")
}

fn taken(error: DatabaseError) -> ApiError {
    if error.violates("users_username_key") {
        username_taken().into()
    } else {
        error.into()
    }
}
