//! `POST /internal/sweep`: removes what is kept no longer. A timer calls it, say every hour.

mod accounts;
mod push_tokens;
mod remnant;

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use api::internal::InternalCaller;
use api::{ApiError, Success};
use axum::extract::State;
use domain::UserId;
use futures_util::future::join_all;
use serde::Serialize;
use store::user_cache::Change;

use crate::internal::sweep::remnant::Remnant;
use crate::internal::unhurried;
use crate::state::Ops;

/// How long it begins with statements; the last one must be answered, and told, before the deadline.
const LONGEST: Duration = Duration::from_secs(20);

/// How much one statement removes: none holds its locks for long.
const BATCH: u64 = 200;

/// Of how many users Redis is told at once. If it does not answer, each takes more than half a second.
const AT_ONCE: usize = 50;

/// What was removed.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Swept {
    push_tokens: u64,
    delivery_slots: u64,
    dead_letters: u64,
    undeliverable_events: u64,
    rate_limits: u64,
    sessions: u64,
    audit_log: u64,
    accounts: u64,
    account_tokens: u64,
    expired_events: u64,
    idempotency_keys: u64,
    legacy_refresh_tokens: u64,
    /// Whether nothing is left; false if the time was up before.
    complete: bool,
}

pub(crate) async fn sweep(
    State(app): State<Arc<Ops>>,
    _: InternalCaller,
) -> Result<Success<Swept>, ApiError> {
    let swept = unhurried(remove_all(&app)).await?;
    Ok(Success::ok("Sweep completed", swept))
}

async fn remove_all(app: &Ops) -> Result<Swept, ApiError> {
    let until = Instant::now() + LONGEST;
    let mut swept = Swept::default();
    let mut failure = None;
    // They take turns, so that much of one keeps none of the others back; nor does one that fails.
    let mut waiting = VecDeque::from(Remnant::ALL);
    while Instant::now() < until
        && let Some(remnant) = waiting.pop_front()
    {
        match remnant.remove(app, BATCH).await {
            Ok(removed) => {
                *remnant.counter(&mut swept) += removed;
                if removed >= BATCH {
                    waiting.push_back(remnant);
                }
            }
            Err(error) => failure = Some(error),
        }
    }
    swept.complete = waiting.is_empty();
    failure.map_or(Ok(swept), Err)
}

/// Tells Redis what has changed for each of these users.
async fn tell(app: &Ops, changed: &[(UserId, Vec<Change>)]) {
    for some in changed.chunks(AT_ONCE) {
        let told = some
            .iter()
            .map(|(user, changes)| app.cache.apply_or_note(*user, changes.clone()));
        join_all(told).await;
    }
}
