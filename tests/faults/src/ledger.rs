//! What the clients saw, counted.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use e2e::Answer;
use http::StatusCode;

/// What was seen so far.
#[derive(Debug)]
pub(crate) struct Ledger {
    begun: Instant,
    counts: Mutex<Counts>,
}

/// The counts.
#[derive(Clone, Debug, Default)]
pub(crate) struct Counts {
    /// Answers that did what was asked.
    pub(crate) done: u64,
    /// 503 with `Retry-After`, since a server is away or busy.
    pub(crate) unavailable: u64,
    /// Whatever else was answered, by what it was.
    pub(crate) unexpected: BTreeMap<String, u64>,
    /// Acknowledged changes that could not be read afterwards, or in the wrong order.
    pub(crate) lost: Vec<String>,
    /// Tokens of ended sessions that were honoured.
    pub(crate) revoked_accepted: Vec<String>,
    /// The slowest answer.
    pub(crate) slowest: Duration,
    /// When the last 503 came, since the beginning.
    pub(crate) last_unavailable: Option<Duration>,
}

impl Ledger {
    pub(crate) fn new() -> Self {
        Self {
            begun: Instant::now(),
            counts: Mutex::default(),
        }
    }

    /// Counts `answer`, which `expected` would be, and says whether it was.
    pub(crate) fn note(&self, answer: &Answer, expected: StatusCode, took: Duration) -> bool {
        let now = self.begun.elapsed();
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        counts.slowest = counts.slowest.max(took);
        let may_be_repeated = answer.headers.contains_key("retry-after")
            && ["unavailable", "busy"].contains(&answer.text("/code"));
        if answer.status == expected {
            counts.done += 1;
        } else if answer.status == StatusCode::SERVICE_UNAVAILABLE && may_be_repeated {
            counts.unavailable += 1;
            counts.last_unavailable = Some(now);
        } else {
            *counts.unexpected.entry(answer.to_string()).or_default() += 1;
        }
        answer.status == expected
    }

    /// Notes a change that is not there any more.
    pub(crate) fn note_lost(&self, what: String) {
        self.changed(|counts| counts.lost.push(what));
    }

    /// Notes a revoked token that was honoured.
    pub(crate) fn note_revoked_accepted(&self, what: String) {
        self.changed(|counts| counts.revoked_accepted.push(what));
    }

    /// The time since the beginning.
    pub(crate) fn now(&self) -> Duration {
        self.begun.elapsed()
    }

    /// The counts so far.
    pub(crate) fn counts(&self) -> Counts {
        self.changed(|counts| counts.clone())
    }

    fn changed<T>(&self, change: impl FnOnce(&mut Counts) -> T) -> T {
        change(&mut self.counts.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
