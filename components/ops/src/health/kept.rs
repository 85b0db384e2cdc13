//! What was found out a moment ago and need not be found out again.

use std::sync::atomic::AtomicBool;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use spin_sdk::time::sleep;
use store::Turn;

/// How long something is kept.
const LONGEST: Duration = Duration::from_secs(1);

/// How often who waits looks whether it was found out. He looks, since a request can't wake another one
/// that sleeps: that is a feature of wit-bindgen which the SDK does not switch on.
const TICK: Duration = Duration::from_millis(5);

/// Something that is found out at most once a second, however many ask at once; none is told what was
/// true longer ago.
#[derive(Debug)]
pub(crate) struct Kept<T> {
    found: Mutex<Option<Found<T>>>,
    /// Whether somebody is finding it out.
    is_under_way: AtomicBool,
}

#[derive(Clone, Debug)]
struct Found<T> {
    value: T,
    begun: Instant,
    ended: Instant,
}

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self {
            found: Mutex::new(None),
            is_under_way: AtomicBool::new(false),
        }
    }
}

impl<T: Clone> Kept<T> {
    /// What was found out within the last second, or since this was called; else what `find` finds now.
    pub(crate) async fn get_or(&self, find: impl Future<Output = T>) -> T {
        let asked = Instant::now();
        let turn = loop {
            if let Some(value) = self.known(asked) {
                return value;
            }
            match Turn::take(&self.is_under_way) {
                Some(turn) => break turn,
                None => sleep(TICK).await,
            }
        };
        let begun = Instant::now();
        let value = find.await;
        *self.found() = Some(Found {
            value: value.clone(),
            begun,
            ended: Instant::now(),
        });
        drop(turn);
        value
    }

    /// What is new enough for who has `asked` then: who waits while somebody finds it out takes what he
    /// has found, however long it took.
    fn known(&self, asked: Instant) -> Option<T> {
        let found = self.found();
        let found = found.as_ref()?;
        let is_new = found.begun.elapsed() < LONGEST || found.ended >= asked;
        is_new.then(|| found.value.clone())
    }
}

impl<T> Kept<T> {
    fn found(&self) -> MutexGuard<'_, Option<Found<T>>> {
        self.found.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::pin::pin;
    use std::sync::atomic::Ordering;
    use std::task::{Context, Poll, Waker};

    use futures_util::FutureExt as _;
    use futures_util::future::{join_all, pending};

    use super::*;

    #[test]
    fn a_thousand_who_ask_find_out_once() {
        let (kept, found) = (Kept::default(), Cell::new(0));
        let find = async || {
            found.set(found.get() + 1);
            found.get()
        };
        let answers = join_all((0..1_000).map(|_| kept.get_or(find())));
        let answers = answers.now_or_never().expect("nobody waits for long");
        assert_eq!(answers, [1; 1_000]);
    }

    #[test]
    fn it_is_found_out_again_once_it_is_old() {
        let kept = Kept::default();
        let first = kept.get_or(async { 1 }).now_or_never();
        if let Some(found) = kept.found().as_mut() {
            found.begun -= LONGEST;
            found.ended -= LONGEST;
        }
        let second = kept.get_or(async { 2 }).now_or_never();
        assert_eq!((first, second), (Some(1), Some(2)));
    }

    #[test]
    fn who_gives_up_leaves_it_to_the_next() {
        let kept = Kept::default();
        {
            let mut given_up = pin!(kept.get_or(pending()));
            let mut context = Context::from_waker(Waker::noop());
            assert_eq!(given_up.as_mut().poll(&mut context), Poll::Pending);
            assert!(kept.is_under_way.load(Ordering::Relaxed));
        }
        assert_eq!(kept.get_or(async { 1 }).now_or_never(), Some(1));
    }
}
