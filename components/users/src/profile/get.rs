//! `GET /api/v1/users/profile`: the caller's user object, from the cache if it is there.

use std::sync::Arc;

use api::caller::User;
use api::{ApiError, CurrentUser, Document, Query, Success, Unauthenticated, fill_after_answer};
use axum::extract::State;
use domain::UserId;
use store::{Freshness, user_cache};

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
            read(&app, caller.id, caller.freshness).await?,
        ),
    };
    Ok(Success::ok(message, fields::select(user, &fields)?))
}

async fn read(app: &Users, user: UserId, freshness: Freshness) -> Result<Document, ApiError> {
    let row = app
        .database
        .read(include_str!("get.sql"), freshness)
        .bind(user)
        .optional()
        .await?
        .ok_or(Unauthenticated::InvalidAccessToken)?;
    let document = Document::from_row(&row, "user_document")?;
    fill_after_answer(app, user, user_cache::Document::User, &row, &document)?;
    Ok(document)
}
