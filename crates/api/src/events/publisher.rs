//! Delivering an instance's own events once its answers are out: one delivery at a time, which
//! takes along what was written meanwhile.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::mem;
use std::time::{Duration, Instant};

use domain::UserId;

use super::Events;
use crate::spawn;

/// How long nothing is delivered after a destination was away: the internal route does it then.
const PAUSE: Duration = Duration::from_secs(1);

/// The longest that one delivery goes on.
const LONGEST: Duration = Duration::from_secs(20);

thread_local! {
    /// Users whose events this instance has written and not yet looked after.
    static WAITING: RefCell<BTreeSet<UserId>> = const { RefCell::new(BTreeSet::new()) };
    /// Whether a delivery of this instance is under way.
    static IS_DELIVERING: Cell<bool> = const { Cell::new(false) };
    /// Until when nothing is delivered.
    static PAUSED_UNTIL: Cell<Option<Instant>> = const { Cell::new(None) };
}

impl Events {
    /// Delivers the events of `users`, written just now, once the answer is out.
    pub fn deliver_soon(&self, users: impl IntoIterator<Item = UserId>) {
        let is_paused = PAUSED_UNTIL
            .get()
            .is_some_and(|until| Instant::now() < until);
        if self.0.destinations.is_empty() || is_paused {
            return;
        }
        WAITING.with_borrow_mut(|waiting| waiting.extend(users));
        if IS_DELIVERING.get() {
            return;
        }
        let turn = Turn::take();
        let events = self.clone();
        spawn(async move {
            let _turn = turn;
            while let Some(users) = waiting() {
                let delivered = events.deliver(Some(&users), LONGEST).await;
                if delivered.is_ok_and(|delivered| !delivered.is_away) {
                    continue;
                }
                PAUSED_UNTIL.set(Some(Instant::now() + PAUSE));
                WAITING.take();
            }
        });
    }
}

/// The users who wait.
fn waiting() -> Option<Vec<UserId>> {
    let users = WAITING.with_borrow_mut(mem::take);
    (!users.is_empty()).then(|| users.into_iter().collect())
}

/// The right to deliver; it ends with the task that has it, however that ends.
struct Turn;

impl Turn {
    fn take() -> Self {
        IS_DELIVERING.set(true);
        Self
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        IS_DELIVERING.set(false);
    }
}
