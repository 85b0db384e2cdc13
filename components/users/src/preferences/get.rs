//! `GET /api/v1/users/preferences`: the caller's preferences, from the cache if they are there.

use std::sync::Arc;

use api::caller::Preferences;
use api::{ApiError, CurrentUser, Document, Query, Success, Unauthenticated, user_document};
use axum::extract::State;
use store::user_cache::CachedDocument;

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
            user_document::read(
                &app,
                caller.id,
                CachedDocument::Preferences,
                caller.freshness,
            )
            .await?
            .ok_or(Unauthenticated::InvalidAccessToken)?,
        ),
    };
    Ok(Success::ok(message, fields::select(preferences, &fields)?))
}
