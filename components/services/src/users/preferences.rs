//! `GET /api/v1/services/users/{id}/preferences`: how a user wants to be notified, from the cache if
//! it is there.

use std::sync::Arc;

use api::service_caller::permission::PreferencesRead;
use api::{ApiError, Context, CurrentService, Document, Success, fill_after_answer};
use axum::extract::State;
use domain::UserId;
use store::{Freshness, user_cache};

use super::{Id, USER};
use crate::state::Services;

pub(crate) async fn preferences(
    State(app): State<Arc<Services>>,
    _: CurrentService<PreferencesRead>,
    context: Context,
    Id(id): Id,
) -> Result<Success<Document>, ApiError> {
    let preferences =
        match super::cached(&app, &context, id, user_cache::Document::Preferences).await {
            Some(cached) => cached,
            None => read(&app, id).await?,
        };
    Ok(Success::ok(
        "Preferences retrieved successfully",
        preferences,
    ))
}

async fn read(app: &Services, user: UserId) -> Result<Document, ApiError> {
    let row = app
        .database
        .read(include_str!("preferences.sql"), Freshness::Recent)
        .bind(user)
        .optional()
        .await?
        .ok_or(ApiError::NotFound(USER))?;
    let document = Document::from_row(&row, "preferences_document")?;
    fill_after_answer(
        app,
        user,
        user_cache::Document::Preferences,
        &row,
        &document,
    )?;
    Ok(document)
}
