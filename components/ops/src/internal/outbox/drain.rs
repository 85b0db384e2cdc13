//! `POST /internal/outbox/drain`: delivers what waits in the outbox. A timer calls it.

use std::sync::Arc;
use std::time::Duration;

use api::events::Delivered;
use api::internal::InternalCaller;
use api::{ApiError, Success};
use axum::extract::State;

use crate::internal::unhurried;
use crate::state::Ops;

/// How long it begins with batches; the last one must be settled before the deadline.
const LONGEST: Duration = Duration::from_secs(15);

pub(crate) async fn drain(
    State(app): State<Arc<Ops>>,
    _: InternalCaller,
) -> Result<Success<Delivered>, ApiError> {
    let delivered = unhurried(app.events.deliver(LONGEST)).await?;
    Ok(Success::ok("Outbox drained", delivered))
}
