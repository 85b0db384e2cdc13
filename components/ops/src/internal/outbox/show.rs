//! `GET /internal/outbox`: how each destination of events stands.

use std::sync::Arc;

use api::internal::InternalCaller;
use api::{ApiError, Success};
use axum::extract;
use serde::Serialize;
use store::outbox::DestinationState;

use crate::state::Ops;

/// How one destination stands.
#[derive(Debug, Serialize)]
pub(crate) struct State {
    destination: String,
    pending: u64,
    oldest_seconds: f64,
    dead: u64,
}

impl From<DestinationState> for State {
    fn from(state: DestinationState) -> Self {
        let DestinationState {
            destination,
            pending,
            oldest_seconds,
            dead,
        } = state;
        Self {
            destination,
            pending,
            oldest_seconds,
            dead,
        }
    }
}

pub(crate) async fn show(
    extract::State(app): extract::State<Arc<Ops>>,
    _: InternalCaller,
) -> Result<Success<Vec<State>>, ApiError> {
    let states = app.events.outbox().state().await?;
    let destinations = states.into_iter().map(State::from).collect();
    Ok(Success::ok("Outbox retrieved successfully", destinations))
}
