//! `GET /api/v1/users/push-tokens/{id}`: one push token of the caller.

use std::sync::Arc;

use api::{ApiError, CurrentUser, Document, Query, Success};
use axum::extract::State;

use super::{FIELDS, Id, PUSH_TOKEN};
use crate::fields::{self, Selected};
use crate::state::Users;

pub(crate) async fn get(
    State(app): State<Arc<Users>>,
    caller: CurrentUser,
    Id(id): Id,
    query: Query,
) -> Result<Success<Selected>, ApiError> {
    let fields = fields::parse(&query, FIELDS)?;
    let row = app
        .database
        .read(include_str!("get.sql"), caller.freshness)
        .bind(caller.id)
        .bind(id)
        .optional()
        .await?
        .ok_or(ApiError::NotFound(PUSH_TOKEN))?;
    let token = Document::from_row(&row, "document")?;
    Ok(Success::ok(
        "Push token retrieved successfully",
        fields::select(token, &fields)?,
    ))
}
