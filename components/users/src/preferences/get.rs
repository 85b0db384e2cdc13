//! `GET /api/v1/users/preferences`: the caller's preferences, from the cache if they are there.

use std::sync::Arc;

use api::caller::Preferences;
use api::{ApiError, CurrentUser, Document, Query, Success, Unauthenticated, fill_after_answer};
use axum::extract::State;
use domain::UserId;
use store::{Freshness, user_cache};

use super::FIELDS;
use crate::fields::{self, Selected};
use crate::state::Users;

pub(crate) async fn get(
    State(app): State<Arc<Users>>,
    caller: CurrentUser<Preferences>,
    query: Query,
) -> Result<Success<Selected>, ApiError> {
    let fields = fields::parse(&query, FIELDS)?;
    let cached = caller.cached.and_then(|text| Document::new(text).ok());
    let (message, preferences) = match cached {
        Some(cached) => ("Preferences retrieved from cache", cached),
        None => (
            "Preferences retrieved successfully",
            read(&app, caller.id, caller.freshness).await?,
        ),
    };
    Ok(Success::ok(message, fields::select(preferences, &fields)?))
}

async fn read(app: &Users, user: UserId, freshness: Freshness) -> Result<Document, ApiError> {
    let row = app
        .database
        .read(include_str!("get.sql"), freshness)
        .bind(user)
        .optional()
        .await?
        .ok_or(Unauthenticated::InvalidAccessToken)?;
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
