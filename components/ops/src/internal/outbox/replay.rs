//! `POST /internal/outbox/replay`: has dead letters delivered again, all of them or those of `ids`.

use std::sync::Arc;

use api::internal::InternalCaller;
use api::{ApiError, AuditOrigin, Body, Success};
use axum::extract::State;
use domain::DeadLetterReplay;
use serde::Serialize;
use store::outbox::ReplayedBy;

use crate::state::Ops;

/// How many there were.
#[derive(Debug, Serialize)]
pub(crate) struct Replayed {
    replayed: u64,
}

pub(crate) async fn replay(
    State(app): State<Arc<Ops>>,
    _: InternalCaller,
    origin: AuditOrigin,
    body: Body,
) -> Result<Success<Replayed>, ApiError> {
    let request = DeadLetterReplay::parse(&body)?;
    let outbox = app.events.outbox();
    let by = ReplayedBy {
        origin: origin.text(),
        user: None,
        reason: None,
    };
    let replayed = outbox.replay(request.ids.as_deref(), by).await?;
    Ok(Success::ok("Dead letters replayed", Replayed { replayed }))
}
