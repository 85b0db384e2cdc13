//! Metrics: counted in memory where something happens, and taken from there in batches. Instances come
//! and go and share no memory, so whoever takes a batch adds it to what others have counted.

mod batch;
mod families;
mod family;
pub mod servers;
mod text;

use std::cell::RefCell;
use std::time::Duration;

pub use batch::{Batch, Increment};
pub use families::*;
pub use family::{Family, Kind};
pub use text::{OPENMETRICS, Text};

use batch::Noted;

thread_local! {
    /// What this instance has counted since the last batch.
    static NOTED: RefCell<Noted> = RefCell::default();
}

impl Family {
    /// Counts one more for these values of its labels.
    pub fn add(&self, labels: &[&str]) {
        NOTED.with_borrow_mut(|noted| noted.count(self, labels));
    }

    /// Notes that something took `duration`, for these values of its labels.
    pub fn observe(&self, labels: &[&str], duration: Duration) {
        NOTED.with_borrow_mut(|noted| noted.observe(self, labels, duration.as_secs_f64()));
    }
}

/// Counts that the cache was asked for a `kind` of thing: whether it had it, if it was there.
pub fn count_cache_request(kind: &str, hit: Option<bool>) {
    let result = match hit {
        Some(true) => "hit",
        Some(false) => "miss",
        None => "unavailable",
    };
    CACHE_REQUESTS.add(&[kind, result]);
}

/// Notes that the user of this UUID was active.
pub fn note_user(user: u128) {
    NOTED.with_borrow_mut(|noted| noted.note_user(user));
}

/// Notes that `server`, one of [`servers`], was found to be left alone, or to answer again.
pub fn note_breaker(server: &'static str, is_open: bool) {
    NOTED.with_borrow_mut(|noted| noted.note_breaker(server, is_open));
}

/// Takes what was noted since the last time.
pub fn take() -> Batch {
    NOTED.with_borrow_mut(Noted::take)
}

/// Puts a batch back that could not be handed on, to what was noted meanwhile.
pub fn put_back(batch: Batch) {
    NOTED.with_borrow_mut(|noted| noted.put_back(batch));
}

/// Whether nothing was noted since the last batch.
pub fn is_empty() -> bool {
    NOTED.with_borrow(Noted::is_empty)
}
