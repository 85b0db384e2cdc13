//! `POST /internal/outbox/drain`: delivers what waits in the outbox. A timer calls it.

use std::sync::Arc;
use std::time::Duration;

use api::events::Delivered;
use api::internal::InternalCaller;
use api::{ApiError, Success};
use axum::extract::State;
use store::time_limit::bounded;

use crate::state::Ops;

/// Hosts end a request after 30 seconds; the last batch must be settled before.
const LONGEST: Duration = Duration::from_secs(15);

pub(crate) async fn drain(
    State(app): State<Arc<Ops>>,
    _: InternalCaller,
) -> Result<Success<Delivered>, ApiError> {
    let delivered = bounded(2 * LONGEST, app.events.deliver(LONGEST)).await?;
    Ok(Success::ok("Outbox drained", delivered))
}
