//! `GET /api/v1/admin/dead-letters`: the latest events that could not be delivered, `limit` of them.

use std::sync::Arc;

use api::staff::permission::DeadLettersRead;
use api::{ApiError, CurrentStaff, Query, Success};
use axum::extract::State;
use domain::PageRequest;
use store::outbox::DeadLetter;

use crate::state::Admin;

pub(crate) async fn list(
    State(app): State<Arc<Admin>>,
    _: CurrentStaff<DeadLettersRead>,
    query: Query,
) -> Result<Success<Vec<DeadLetter>>, ApiError> {
    let limit = PageRequest::parse(&query)?.limit;
    let letters = app.events.outbox().dead_letters(limit).await?;
    Ok(Success::ok("Dead letters retrieved successfully", letters))
}
