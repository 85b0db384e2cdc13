//! `GET /api/v1/services/users/{id}`: the user object as the user sees it, from the cache if it is
//! there.

use std::sync::Arc;

use api::service_caller::permission::UsersRead;
use api::{ApiError, Context, CurrentService, Document, Success, fill_after_answer};
use axum::extract::State;
use domain::UserId;
use store::{Freshness, user_cache};

use super::{Id, USER};
use crate::state::Services;

pub(crate) async fn get(
    State(app): State<Arc<Services>>,
    _: CurrentService<UsersRead>,
    context: Context,
    Id(id): Id,
) -> Result<Success<Document>, ApiError> {
    let user = match super::cached(&app, &context, id, user_cache::Document::User).await {
        Some(cached) => cached,
        None => read(&app, id).await?,
    };
    Ok(Success::ok("User retrieved successfully", user))
}

async fn read(app: &Services, user: UserId) -> Result<Document, ApiError> {
    let row = app
        .database
        .read(include_str!("get.sql"), Freshness::Recent)
        .bind(user)
        .optional()
        .await?
        .ok_or(ApiError::NotFound(USER))?;
    let document = Document::from_row(&row, "user_document")?;
    fill_after_answer(app, user, user_cache::Document::User, &row, &document)?;
    Ok(document)
}
