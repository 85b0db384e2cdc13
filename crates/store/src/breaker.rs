//! A circuit breaker for one server, as this instance sees it: a server that has failed is left alone,
//! and tried again with a single call now and then.
//!
//! Instances come and go within seconds, and each learns for itself: that costs a few calls that fail,
//! and needs no other server that could fail as well.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use telemetry::metrics::{CIRCUIT_BREAKER_TRANSITIONS, note_breaker};
use telemetry::{Level, LogLine};

/// How long a server is left alone between two calls that try it.
pub(crate) const PAUSE: Duration = Duration::from_secs(1);

/// For how long a failure counts: whoever comes later finds the server as if nothing had been, but for
/// one more failure.
const MEMORY: Duration = Duration::from_secs(3);

/// The breaker of one server.
#[derive(Debug)]
pub(crate) struct Breaker {
    name: &'static str,
    threshold: u32,
    state: Mutex<State>,
}

#[derive(Clone, Copy, Debug, Default)]
struct State {
    failures_in_a_row: u32,
    /// When the next call may try it; none while it is closed.
    next_try: Option<Instant>,
}

impl Breaker {
    /// The closed breaker of the server `name`, which opens at `threshold` failures in a row.
    pub(crate) fn new(name: &'static str, threshold: u32) -> Self {
        Self {
            name,
            threshold,
            state: Mutex::default(),
        }
    }

    /// Whose breaker it is.
    pub(crate) fn name(&self) -> &'static str {
        self.name
    }

    /// Whether a call may be made at `now`. While the server is left alone, one call in each pause may.
    pub(crate) fn allows(&self, now: Instant) -> bool {
        self.change(|state| match state.next_try {
            Some(next_try) if now < next_try => false,
            Some(next_try) if now >= next_try + MEMORY => {
                state.next_try = None;
                state.failures_in_a_row = self.threshold.saturating_sub(1);
                true
            }
            Some(_) => {
                state.next_try = Some(now + PAUSE);
                true
            }
            None => true,
        })
    }

    /// Notes that the server has answered.
    pub(crate) fn succeeded(&self) {
        let before = self.change(std::mem::take);
        if before.next_try.is_some() {
            note_breaker(self.name, false);
            CIRCUIT_BREAKER_TRANSITIONS.add(&[self.name, "closed"]);
            LogLine::new(Level::Info, "a server answers again")
                .with("server", self.name)
                .write();
        }
    }

    /// Notes that the server could not be used at `now`, and why.
    pub(crate) fn failed(&self, now: Instant, error: &dyn std::fmt::Display) {
        let (is_open, has_opened) = self.change(|state| {
            state.failures_in_a_row = state.failures_in_a_row.saturating_add(1);
            if state.failures_in_a_row < self.threshold {
                return (false, false);
            }
            (true, state.next_try.replace(now + PAUSE).is_none())
        });
        if is_open {
            note_breaker(self.name, true);
        }
        if has_opened {
            CIRCUIT_BREAKER_TRANSITIONS.add(&[self.name, "open"]);
            LogLine::new(Level::Warn, "a server is left alone for a while")
                .with("server", self.name)
                .with("error", error.to_string())
                .write();
        }
    }

    fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        change(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_left_alone_after_failures_in_a_row() {
        let (breaker, now) = (Breaker::new("a server", 3), Instant::now());
        for _ in 0..2 {
            breaker.failed(now, &"gone");
        }
        assert!(breaker.allows(now));
        breaker.failed(now, &"gone");
        assert!(!breaker.allows(now));
        assert!(!breaker.allows(now + PAUSE / 2));
    }

    #[test]
    fn an_answer_in_between_begins_the_count_again() {
        let (breaker, now) = (Breaker::new("a server", 2), Instant::now());
        breaker.failed(now, &"gone");
        breaker.succeeded();
        breaker.failed(now, &"gone");
        assert!(breaker.allows(now));
    }

    #[test]
    fn a_failure_of_long_ago_keeps_nobody_waiting() {
        let (breaker, now) = (Breaker::new("a server", 3), Instant::now());
        for _ in 0..3 {
            breaker.failed(now, &"gone");
        }
        let later = now + PAUSE + MEMORY;
        assert!((0..10).all(|_| breaker.allows(later)));
        breaker.failed(later, &"gone");
        assert!(!breaker.allows(later), "one more failure is enough");
    }

    #[test]
    fn one_call_in_each_pause_tries_it() {
        let (breaker, now) = (Breaker::new("a server", 1), Instant::now());
        breaker.failed(now, &"gone");
        let later = now + PAUSE;
        assert!(breaker.allows(later), "the one that tries");
        assert!(!breaker.allows(later), "and no other beside it");
        breaker.failed(later, &"gone");
        assert!(!breaker.allows(later));
        assert!(breaker.allows(later + PAUSE), "even if it never came back");
        breaker.succeeded();
        assert!(breaker.allows(later) && breaker.allows(later));
    }
}
