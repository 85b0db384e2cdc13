//! Events on their way: how long after a change's answer a consumer has its event, and how fast a
//! backlog goes out.

mod changes;
mod consumer;
mod row;

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use stack::{HostKind, Signal, Source, Stack};
use tokio::time::sleep;

use crate::delivery::changes::{Change, Changer};
use crate::delivery::consumer::Consumer;
use crate::servers::RATE_LIMITS;
use crate::{accounts, progress};

pub(crate) use crate::delivery::row::{DeliveryRow, report};

/// Changes of one kind of measurement.
const CHANGES: u32 = 400;
/// What is between two changes of somebody who takes his time.
const PAUSE: Duration = Duration::from_millis(50);
/// Users whose changes are made while the broker is frozen.
const USERS: usize = 4;
/// What each of them changes meanwhile.
const CHANGES_A_USER: u32 = 500;
/// From one call of the internal route to the next, as `cargo xtask up` does.
const DRAIN_INTERVAL: Duration = Duration::from_secs(1);
/// How long events are waited for: far longer than the longest pause between two tries, a minute.
const PATIENCE: Duration = Duration::from_mins(3);

/// Measures deliveries to RabbitMQ, on servers of their own.
///
/// # Errors
/// If a server does not start or a change fails. Events that do not arrive are counted.
pub(crate) async fn measure(kind: HostKind) -> Result<Vec<DeliveryRow>> {
    let stack = Stack::builder()
        .host(kind)
        .rabbitmq(Source::Private)
        .variable("rate_limits", RATE_LIMITS)
        .progress(|step| progress(&format!("{step} ...")))
        .start()?;
    let consumer = Consumer::start(stack.amqp_url()).await?;
    progress("Measuring the delivery of events ...");
    let accounts = accounts::register(&stack.url(), "delivery", 2 + USERS).await?;
    let mut changers = accounts.into_iter().map(|account| {
        let changer = Changer::new(&stack.url(), account);
        changer.context("can't connect to the service")
    });
    let mut next = || changers.next().context("too few accounts")?;
    let (mut slow, mut quick) = (next()?, next()?);
    let crowd = changers.collect::<Result<Vec<_>>>()?;

    let paced = slow.change(CHANGES, PAUSE).await?;
    let mut rows = vec![arrivals("events, 50 ms between changes", &consumer, paced).await];
    let unpaced = quick.change(CHANGES, Duration::ZERO).await?;
    rows.push(arrivals("events, back to back", &consumer, unpaced).await);
    rows.push(backlog(&stack, &consumer, crowd).await?);
    Ok(rows)
}

/// Waits until the events of `changes` are there; their delays count from the answers.
async fn arrivals(work: &'static str, consumer: &Consumer, changes: Vec<Change>) -> DeliveryRow {
    let all = consumer.wait_for(&changes, PATIENCE).await;
    let delays = all.iter().map(|(change, arrived)| {
        // An answer may still be on its way to us when its event is there.
        arrived.saturating_duration_since(change.answered)
    });
    DeliveryRow::new(work, changes.len(), delays.collect(), span(&all))
}

/// Freezes the broker while `crowd` makes changes; the delays count from its thaw.
async fn backlog(stack: &Stack, consumer: &Consumer, crowd: Vec<Changer>) -> Result<DeliveryRow> {
    let broker = stack.rabbitmq()?;
    broker.signal(Signal::STOP)?;
    let changes = changes::at_once(crowd, CHANGES_A_USER).await;
    broker.signal(Signal::CONT)?;
    let thawed = Instant::now();
    let changes = changes?;
    let all = tokio::select! {
        all = consumer.wait_for(&changes, PATIENCE) => all,
        error = drain(stack) => return Err(error),
    };
    let delays = all
        .iter()
        .map(|(_, arrived)| arrived.saturating_duration_since(thawed));
    Ok(DeliveryRow::new(
        "events, after a frozen broker",
        changes.len(),
        delays.collect(),
        span(&all),
    ))
}

/// Has the outbox drained again and again; ends with what is wrong with that.
async fn drain(stack: &Stack) -> anyhow::Error {
    let secret = stack.variable("internal_secret").unwrap_or_default();
    let mut timer = match changes::Timer::new(&stack.url(), secret) {
        Ok(timer) => timer,
        Err(error) => return error,
    };
    loop {
        if let Err(error) = timer.drain().await {
            return error.context("can't drain the outbox");
        }
        sleep(DRAIN_INTERVAL).await;
    }
}

/// The time from the first arrival to the last one.
fn span(arrivals: &[(Change, Instant)]) -> Duration {
    let times = || arrivals.iter().map(|(_, arrived)| *arrived);
    let first_and_last = times().min().zip(times().max());
    first_and_last.map_or(Duration::ZERO, |(first, last)| last - first)
}
