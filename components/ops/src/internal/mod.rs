//! `/internal`: what timers and operators call; never passed on by a gateway.

mod cache;
pub(crate) mod outbox;
mod sweep;

use std::time::Duration;

use store::time_limit::bounded;

pub(crate) use cache::warm;
pub(crate) use sweep::sweep;

/// Hosts end a request after 30 seconds: what a job has begun must be done before.
const DEADLINE: Duration = Duration::from_secs(28);

/// Does the work of a job that a timer calls. It may wait for other servers for longer than the request of a
/// user, whose time would be up in the middle of it.
async fn unhurried<T>(work: impl Future<Output = T>) -> T {
    bounded(DEADLINE, work).await
}
