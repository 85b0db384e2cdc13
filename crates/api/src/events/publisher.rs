//! Delivering an instance's own events once its answers are out: to each destination one delivery at a
//! time, which takes along what was written meanwhile.

use std::collections::BTreeSet;
use std::mem;
use std::sync::Arc;
use std::time::{Duration, Instant};

use domain::UserId;

use super::destination::Destination;
use super::{Events, Shared};
use crate::spawn;

/// How long nothing is delivered to a destination that was away: the internal route does it then.
const PAUSE: Duration = Duration::from_secs(1);

/// The longest that one delivery goes on.
const LONGEST: Duration = Duration::from_secs(20);

/// What an instance has written for one destination.
#[derive(Debug, Default)]
pub(super) struct Queue {
    /// Users whose events nobody has looked after yet.
    users: BTreeSet<UserId>,
    /// Whether a delivery is under way.
    is_delivering: bool,
    /// Until when nothing is delivered.
    paused_until: Option<Instant>,
}

impl Events {
    /// Delivers the events of `users`, written just now, once the answer is out.
    pub fn deliver_soon(&self, users: impl IntoIterator<Item = UserId>) {
        let users: Vec<UserId> = users.into_iter().collect();
        for destination in &self.0.destinations {
            if let Some(turn) = Turn::take(destination, &users) {
                spawn(publish(self.0.clone(), turn));
            }
        }
    }
}

async fn publish(events: Arc<Shared>, turn: Turn) {
    let destination = &turn.0;
    let mut way = destination.way();
    while let Some(users) = turn.waiting() {
        let until = Instant::now() + LONGEST;
        let delivered = events
            .deliver(destination, &mut way, Some(&users), until)
            .await;
        if delivered.is_err() || way.is_in_doubt() {
            destination.queue().pause();
        }
    }
}

impl Queue {
    fn is_paused(&self) -> bool {
        self.paused_until
            .is_some_and(|until| Instant::now() < until)
    }

    fn pause(&mut self) {
        self.paused_until = Some(Instant::now() + PAUSE);
        self.users.clear();
    }
}

/// The right to deliver to a destination; it ends with the task that has it, however that ends.
struct Turn(Arc<Destination>);

impl Turn {
    /// Puts `users` into the queue; answers a turn if nobody has it and there is no pause.
    fn take(destination: &Arc<Destination>, users: &[UserId]) -> Option<Self> {
        let mut queue = destination.queue();
        if queue.is_paused() {
            return None;
        }
        queue.users.extend(users);
        let is_free = !mem::replace(&mut queue.is_delivering, true);
        is_free.then(|| Self(destination.clone()))
    }

    /// The users who wait.
    fn waiting(&self) -> Option<Vec<UserId>> {
        let users = mem::take(&mut self.0.queue().users);
        (!users.is_empty()).then(|| users.into_iter().collect())
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.0.queue().is_delivering = false;
    }
}
