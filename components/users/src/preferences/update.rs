//! `PUT`, `PATCH /api/v1/users/preferences`: changes what is given, and keeps the rest.

use std::sync::Arc;

use api::{ApiError, Body, CurrentUser, Document, Success, Unauthenticated};
use axum::extract::State;
use domain::{PreferencesChange, TimeOfDay, UserId};
use store::user_cache::{CachedDocument, Change};
use store::{DatabaseError, Row};

use crate::state::Users;

pub(crate) async fn update(
    State(app): State<Arc<Users>>,
    caller: CurrentUser,
    body: Body,
) -> Result<Success<Document>, ApiError> {
    let change = PreferencesChange::parse(&body)?;
    let row = write(&app, caller.id, &change)
        .await?
        .ok_or(Unauthenticated::InvalidAccessToken)?;
    let preferences = Document::from_row(&row, "preferences_document")?;
    let version = row.get("version")?;
    let changes = vec![
        Change::outdated(CachedDocument::User, version),
        Change::Document {
            document: CachedDocument::Preferences,
            version,
            value: Some(preferences.text().to_owned()),
        },
    ];
    app.cache.apply_or_note(caller.id, changes).await;
    app.events.deliver_soon([caller.id]);
    Ok(Success::ok("Preferences updated successfully", preferences))
}

/// No row if the user is gone.
async fn write(
    app: &Users,
    user: UserId,
    change: &PreferencesChange,
) -> Result<Option<Row>, DatabaseError> {
    let time = |time: &Option<Option<TimeOfDay>>| time.flatten().map(|time| time.to_string());
    app.database
        .statement(include_str!("update.sql"))
        .bind(user)
        .bind(change.email_enabled)
        .bind(change.email_marketing)
        .bind(change.email_transactional)
        .bind(change.email_security)
        .bind(change.email_system)
        .bind(change.push_enabled)
        .bind(change.push_marketing)
        .bind(change.push_transactional)
        .bind(change.push_security)
        .bind(change.push_system)
        .bind(change.do_not_disturb_start.is_some())
        .bind(time(&change.do_not_disturb_start))
        .bind(change.do_not_disturb_end.is_some())
        .bind(time(&change.do_not_disturb_end))
        .bind(change.frequency_limit)
        .bind(app.events.destinations())
        .optional()
        .await
}
