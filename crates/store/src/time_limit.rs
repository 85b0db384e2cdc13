//! Bounds on waiting: none of Spin's interfaces to other servers has one of its own that is short
//! enough. Each call has a limit, and so has each request for all of its calls together.

use std::cell::Cell;
use std::pin::pin;
use std::time::Duration;

use futures_util::future::{Either, select};
use spin_sdk::time::sleep;

/// The piece in which waiting is counted.
const TICK: Duration = Duration::from_millis(50);

tokio::task_local! {
    /// How long the request that is being worked on may still wait.
    static LEFT: Cell<Duration>;
}

/// Does the work of one request, which may wait for other servers for `limit` in all. What is bounded within
/// it has its own time, and leaves it the rest.
pub async fn bounded<T>(limit: Duration, work: impl Future<Output = T>) -> T {
    LEFT.scope(Cell::new(limit), work).await
}

/// The answer of `work`, or nothing if it takes longer than `limit`: for waiting for whoever sent the
/// request, which is no waiting for other servers.
pub async fn within_patience<T>(limit: Duration, work: impl Future<Output = T>) -> Option<T> {
    match select(pin!(work), pin!(sleep(limit))).await {
        Either::Left((answer, _)) => Some(answer),
        Either::Right(_) => None,
    }
}

/// False if the request that is being worked on has waited for as long as it may.
pub(crate) fn may_wait() -> bool {
    LEFT.try_with(|left| !left.get().is_zero()).unwrap_or(true)
}

/// Lets `duration` pass, which the request that is being worked on waits for, too. False if it has waited
/// for as long as it may already.
pub(crate) async fn pause(duration: Duration) -> bool {
    if !may_wait() {
        return false;
    }
    sleep(duration).await;
    let _ = LEFT.try_with(|left| left.set(left.get().saturating_sub(duration)));
    true
}

/// The answer of `work`, or nothing if it takes longer than `limit`, or than the request may still
/// wait of whose work this is a part.
///
/// Waiting is counted in ticks, not by the clock: an instance has one thread, and while another
/// request's password hash holds it, an answer that is there can't be seen. Such a while counts as
/// one tick, however long it was.
///
/// What is given up may still take effect at the other end.
pub async fn within<T>(limit: Duration, work: impl Future<Output = T>) -> Option<T> {
    let limit = LEFT
        .try_with(Cell::get)
        .map_or(limit, |left| limit.min(left));
    let mut work = pin!(work);
    let mut waited = Duration::ZERO;
    while waited < limit {
        match select(work, pin!(sleep(TICK))).await {
            Either::Left((answer, _)) => return Some(answer),
            Either::Right(((), unfinished)) => work = unfinished,
        }
        waited += TICK;
        let _ = LEFT.try_with(|left| left.set(left.get().saturating_sub(TICK)));
    }
    None
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    #[test]
    fn what_has_time_of_its_own_has_it_whatever_its_request_has_left() {
        let own = Duration::from_millis(600);
        for left in [0, 40, 900].map(Duration::from_millis) {
            let work = bounded(left, async {
                let inner = bounded(own, async { (may_wait(), LEFT.with(Cell::get)) }).await;
                (inner, LEFT.with(Cell::get))
            });
            assert_eq!(work.now_or_never(), Some(((true, own), left)));
        }
    }

    #[test]
    fn who_has_waited_for_as_long_as_he_may_does_not_begin() {
        let work = bounded(Duration::ZERO, within(Duration::MAX, async {}));
        assert_eq!(work.now_or_never(), Some(None));
    }
}
