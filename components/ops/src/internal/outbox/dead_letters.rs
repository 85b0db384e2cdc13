//! `GET /internal/outbox/dead-letters`: events that their destination has refused too often.

use std::sync::Arc;

use api::internal::InternalCaller;
use api::{ApiError, Success};
use axum::extract::State;
use serde::Serialize;

use crate::state::Ops;

/// The most that are listed, the latest first.
const MOST: u32 = 100;

/// One of them, without its data.
#[derive(Debug, Serialize)]
pub(crate) struct DeadLetter {
    id: String,
    destination: String,
    r#type: String,
    user_id: String,
    refusals: u64,
    error: String,
    dead_at: String,
}

impl From<store::outbox::DeadLetter> for DeadLetter {
    fn from(letter: store::outbox::DeadLetter) -> Self {
        Self {
            id: letter.id.to_string(),
            destination: letter.destination,
            r#type: letter.event_type,
            user_id: letter.user.to_string(),
            refusals: letter.refusals,
            error: letter.error,
            dead_at: letter.dead_at,
        }
    }
}

pub(crate) async fn dead_letters(
    State(app): State<Arc<Ops>>,
    _: InternalCaller,
) -> Result<Success<Vec<DeadLetter>>, ApiError> {
    let letters = app.events.outbox().dead_letters(MOST).await?;
    let letters = letters.into_iter().map(DeadLetter::from).collect();
    Ok(Success::ok("Dead letters retrieved successfully", letters))
}
