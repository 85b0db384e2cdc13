//! The first answer after so long a rest that all instances of the components have ended.

use std::time::Duration;

use anyhow::Result;
use tokio::time::sleep;

use crate::measurement::Measurement;
use crate::names::AFTER_IDLE;
use crate::progress;
use crate::row::{Row, Subject};
use crate::workloads::Bench;
use crate::works;

/// Longer than an idle instance lives.
const REST: Duration = Duration::from_millis(1_500);

/// How often it is measured.
const TIMES: u32 = 5;

/// Measures a cached read after a rest, on a connection that is there.
///
/// # Errors
/// If the client itself fails. Failing requests are counted.
pub(crate) async fn measure(bench: &mut Bench<'_>) -> Result<Option<Row>> {
    if !bench.plan.has(AFTER_IDLE) {
        return Ok(None);
    }
    progress(&format!("Measuring the {AFTER_IDLE} ..."));
    let ours = bench.servers.ours()?;
    let round_trips = bench
        .round_trips(AFTER_IDLE, works::cached_preferences, &ours)
        .await?;
    let mut clients = works::cached_preferences(&mut bench.making(&ours.url, 1))?;
    let mut measurement = Measurement::of(1);
    for _ in 0..TIMES {
        sleep(REST).await;
        for client in &mut clients {
            match client.exchange().await {
                Ok(latency) => {
                    measurement.succeeded(latency);
                    measurement.took(latency);
                }
                Err(error) => measurement.failed(&error),
            }
        }
    }
    let row = Row::new(AFTER_IDLE, Subject::Ours, &measurement);
    Ok(Some(row.with_round_trips(round_trips)))
}
