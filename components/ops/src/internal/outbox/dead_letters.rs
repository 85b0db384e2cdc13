//! `GET /internal/outbox/dead-letters`: events that their destination has refused too often.

use std::sync::Arc;

use api::internal::InternalCaller;
use api::{ApiError, Success};
use axum::extract::State;
use store::outbox::DeadLetter;

use crate::state::Ops;

/// The most that are listed, the latest first.
const MOST: u32 = 100;

pub(crate) async fn dead_letters(
    State(app): State<Arc<Ops>>,
    _: InternalCaller,
) -> Result<Success<Vec<DeadLetter>>, ApiError> {
    let letters = app.events.outbox().dead_letters(MOST).await?;
    Ok(Success::ok("Dead letters retrieved successfully", letters))
}
