//! `GET /api/v1/services/users/{id}/preferences`: how a user wants to be notified, from the cache if
//! it is there.

use std::sync::Arc;

use api::service_caller::permission::PreferencesRead;
use api::{ApiError, Context, CurrentService, Document, Success};
use axum::extract::State;
use store::user_cache::CachedDocument;

use super::Id;
use crate::state::Services;

pub(crate) async fn preferences(
    State(app): State<Arc<Services>>,
    _: CurrentService<PreferencesRead>,
    context: Context,
    Id(id): Id,
) -> Result<Success<Document>, ApiError> {
    let preferences = super::document(&app, &context, id, CachedDocument::Preferences).await?;
    Ok(Success::ok(
        "Preferences retrieved successfully",
        preferences,
    ))
}
