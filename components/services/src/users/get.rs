//! `GET /api/v1/services/users/{id}`: the user object as the user sees it, from the cache if it is
//! there.

use std::sync::Arc;

use api::service_caller::permission::UsersRead;
use api::{ApiError, Context, CurrentService, Document, Success};
use axum::extract::State;
use store::user_cache::CachedDocument;

use super::Id;
use crate::state::Services;

pub(crate) async fn get(
    State(app): State<Arc<Services>>,
    _: CurrentService<UsersRead>,
    context: Context,
    Id(id): Id,
) -> Result<Success<Document>, ApiError> {
    let user = super::document(&app, &context, id, CachedDocument::User).await?;
    Ok(Success::ok("User retrieved successfully", user))
}
