//! `GET /api/v1/services/users/{id}/push-tokens`: the devices that a user is reached on, with the
//! tokens themselves: for who sends to them.

use std::sync::Arc;

use api::service_caller::permission::PushTokensRead;
use api::{ApiError, CurrentService, Document, Success};
use axum::extract::State;
use store::Freshness;

use super::{Id, USER};
use crate::state::Services;

/// Most push tokens in an answer, those used last: far more than anybody has devices.
const MOST: u64 = 1_000;

pub(crate) async fn push_tokens(
    State(app): State<Arc<Services>>,
    _: CurrentService<PushTokensRead>,
    Id(id): Id,
) -> Result<Success<Document>, ApiError> {
    let row = app
        .database
        .read(include_str!("push_tokens.sql"), Freshness::Newest)
        .bind(id)
        .bind(MOST)
        .optional()
        .await?
        .ok_or(ApiError::NotFound(USER))?;
    let tokens = Document::from_row(&row, "documents")?;
    Ok(Success::ok("Push tokens retrieved successfully", tokens))
}
