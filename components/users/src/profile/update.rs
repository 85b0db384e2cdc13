//! `PUT`, `PATCH /api/v1/users/profile`: changes what is given, and keeps the rest.

use std::sync::Arc;

use api::{Access, ApiError, Body, CurrentUser, Document, Success};
use axum::extract::State;
use domain::{FieldErrors, ProfileChange, UserId};
use store::user_cache::{self, Change};
use store::{DatabaseError, Row};

pub(crate) async fn update(
    State(app): State<Arc<Access>>,
    caller: CurrentUser,
    body: Body,
) -> Result<Success<Document>, ApiError> {
    let change = ProfileChange::parse(&body)?;
    let row = write(&app, caller.id, &change).await.map_err(taken)?;
    let user = Document::from_row(&row, "user_document")?;
    app.cache
        .apply_or_repeat(caller.id, vec![told(&row, &user)?])
        .await;
    Ok(Success::ok("Profile updated successfully", user))
}

async fn write(app: &Access, user: UserId, change: &ProfileChange) -> Result<Row, DatabaseError> {
    let ProfileChange {
        username,
        phone_number,
        profile,
    } = change;
    app.database
        .statement(include_str!("update.sql"))
        .bind(user)
        .bind(username.as_ref().map(domain::Username::as_str))
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
        .one()
        .await
}

/// What Redis is to know: the object as it is now or, if another change came between, that it has
/// changed.
fn told(row: &Row, user: &Document) -> Result<Change, ApiError> {
    let is_current: bool = row.get("document_is_current")?;
    Ok(Change::Document {
        document: user_cache::Document::User,
        version: row.get("version")?,
        value: is_current.then(|| user.text().to_owned()),
    })
}

fn taken(error: DatabaseError) -> ApiError {
    if error.violates("users_username_key") {
        FieldErrors::one("username", "A user with that username already exists.").into()
    } else {
        error.into()
    }
}
