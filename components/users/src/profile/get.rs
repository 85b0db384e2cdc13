//! `GET /api/v1/users/profile`: the caller's user object, from the cache if it is there.

use std::sync::Arc;

use api::caller::User;
use api::{ApiError, CurrentUser, Document, Query, Success, Unauthenticated, user_document};
use axum::extract::State;
use store::user_cache::CachedDocument;

use super::FIELDS;
use crate::fields::{self, Selected};
use crate::state::Users;

pub(crate) async fn get(
    State(app): State<Arc<Users>>,
    caller: CurrentUser<User>,
    query: Query,
) -> Result<Success<Selected>, ApiError> {
    let fields = fields::parse(&query, FIELDS)?;
    let cached = caller.cached.and_then(|text| Document::new(text).ok());
    let (message, user) = match cached {
        Some(cached) => ("User profile retrieved from cache", cached),
        None => (
            "User profile retrieved successfully",
            user_document::read(&app, caller.id, CachedDocument::User, caller.freshness)
                .await?
                .ok_or(Unauthenticated::InvalidAccessToken)?,
        ),
    };
    Ok(Success::ok(message, fields::select(user, &fields)?))
}
