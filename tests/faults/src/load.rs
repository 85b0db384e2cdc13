//! Users at work while something fails.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use fastrand::Rng;
use futures::future::join_all;
use http::Method;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

use crate::fault::Fault;
use crate::ledger::Ledger;
use crate::report::Row;
use crate::servers::Servers;
use crate::user::BusyUser;

/// How many users are at work at once.
const USERS: usize = 12;

/// How long all is well before a fault.
const BEFORE: Duration = Duration::from_secs(1);

/// How long events may take to arrive once all is well: those that were tried in vain wait for their
/// next try, a minute at most.
const LAST_EVENT: Duration = Duration::from_secs(90);

/// Has `users` work before, while and for `after` after `fault` lasts for `length`.
///
/// # Errors
/// If the fault can't be made, or a user got no answer.
pub(crate) async fn under_fault(
    servers: &Servers,
    users: &mut Vec<BusyUser>,
    fault: Fault,
    length: Duration,
    after: Duration,
) -> Result<Row> {
    let ledger = Arc::new(Ledger::new());
    let working = start(users, &ledger, BEFORE + length + after);
    sleep(BEFORE).await;
    fault.inject(servers).await?;
    sleep(length).await;
    fault.end(servers).await?;
    let ended = ledger.now();
    *users = finish(working, servers).await?;
    let counts = ledger.counts();
    let recovery = counts
        .last_unavailable
        .map_or(Duration::ZERO, |last| last.saturating_sub(ended));
    Ok(Row::new(fault.name(), &counts, recovery))
}

/// Has `users` work for `length` while faults come and go as `seed` says, and for `after` after that.
///
/// # Errors
/// If a fault can't be made, or a user got no answer.
pub(crate) async fn under_random_faults(
    servers: &Servers,
    users: &mut Vec<BusyUser>,
    length: Duration,
    after: Duration,
    seed: u64,
) -> Result<Row> {
    let mut chance = Rng::with_seed(seed);
    let ledger = Arc::new(Ledger::new());
    let working = start(users, &ledger, length + after);
    let until = Instant::now() + length;
    while Instant::now() < until {
        let fault = Fault::ALL[chance.usize(..Fault::ALL.len())];
        fault.inject(servers).await?;
        sleep(Duration::from_millis(chance.u64(200..4_000))).await;
        fault.end(servers).await?;
        sleep(Duration::from_millis(chance.u64(0..2_000))).await;
    }
    let ended = ledger.now();
    *users = finish(working, servers).await?;
    let counts = ledger.counts();
    let recovery = counts
        .last_unavailable
        .map_or(Duration::ZERO, |last| last.saturating_sub(ended));
    let name = format!("random, {} s, seed {seed}", length.as_secs());
    Ok(Row::new(name, &counts, recovery))
}

/// Users who have just registered.
pub(crate) async fn users(servers: &Servers) -> Vec<BusyUser> {
    join_all((0..USERS).map(|_| BusyUser::registered(servers))).await
}

/// Sets the users to work for `length`.
fn start(
    users: &mut Vec<BusyUser>,
    ledger: &Arc<Ledger>,
    length: Duration,
) -> Vec<JoinHandle<BusyUser>> {
    let until = Instant::now() + length;
    let work = |user: BusyUser| tokio::spawn(user.work(ledger.clone(), until));
    users.drain(..).map(work).collect()
}

/// Waits for the users' end, checks what they know, and that no event is left.
async fn finish(working: Vec<JoinHandle<BusyUser>>, servers: &Servers) -> Result<Vec<BusyUser>> {
    let mut users = Vec::with_capacity(working.len());
    for user in join_all(working).await {
        let mut user = user.context("a user got no proper answer")?;
        user.check().await;
        users.push(user);
    }
    if timeout(LAST_EVENT, delivered(servers)).await.is_err() {
        bail!("events are still not delivered after {LAST_EVENT:?}");
    }
    Ok(users)
}

/// Waits until no event is left, as the timer of a deployment makes sure of.
async fn delivered(servers: &Servers) {
    loop {
        servers.service.drain().await;
        let outbox = servers.service.client();
        let request = outbox.request(Method::GET, "/internal/outbox");
        let answer = request
            .bearer(servers.service.internal_secret())
            .send()
            .await;
        let destinations = answer.data().as_array().cloned().unwrap_or_default();
        let waits = |destination: &serde_json::Value| destination["pending"] != 0;
        if answer.status.is_success() && !destinations.iter().any(waits) {
            return;
        }
        sleep(Duration::from_millis(200)).await;
    }
}
