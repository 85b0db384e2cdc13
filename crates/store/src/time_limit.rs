//! Bounds on waiting: none of Spin's interfaces to other servers has one of its own that is short
//! enough.

use std::pin::pin;
use std::time::Duration;

use futures_util::future::{Either, select};
use spin_sdk::time::sleep;

/// The piece in which waiting is counted.
const TICK: Duration = Duration::from_millis(50);

/// The answer of `work`, or nothing if it takes longer than `limit`.
///
/// Waiting is counted in ticks, not by the clock: an instance has one thread, and while another
/// request's password hash holds it, an answer that is there can't be seen. Such a while counts as
/// one tick, however long it was.
///
/// What is given up may still take effect at the other end.
pub async fn within<T>(limit: Duration, work: impl Future<Output = T>) -> Option<T> {
    let mut work = pin!(work);
    let mut waited = Duration::ZERO;
    while waited < limit {
        match select(work, pin!(sleep(TICK))).await {
            Either::Left((answer, _)) => return Some(answer),
            Either::Right(((), unfinished)) => work = unfinished,
        }
        waited += TICK;
    }
    None
}
