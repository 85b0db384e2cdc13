//! What the quick routes do while many log in.

use std::time::Duration;

use anyhow::Result;

use crate::load::load;
use crate::names::{READ_IN_A_FLOOD, REFRESH_IN_A_FLOOD};
use crate::progress;
use crate::row::{Row, Subject};
use crate::workloads::Bench;
use crate::works::{self, Work};

/// Logins at once, and requests of the quick route.
pub(crate) const CONNECTIONS: usize = 16;

/// How long the flood goes on before it is measured.
const RISE: Duration = Duration::from_millis(500);

/// Measures cached reads, then refreshes, each beside a flood of logins.
///
/// # Errors
/// If the client itself fails. Failing requests are counted.
pub(crate) async fn measure(bench: &mut Bench<'_>) -> Result<Vec<Row>> {
    let works: [(&str, Work); 2] = [
        (READ_IN_A_FLOOD, works::cached_preferences),
        (REFRESH_IN_A_FLOOD, works::refresh),
    ];
    let mut rows = Vec::new();
    for (name, work) in works.into_iter().filter(|(name, _)| bench.plan.has(name)) {
        progress(&format!("Measuring {name} ..."));
        rows.push(beside_logins(bench, name, work).await?);
    }
    Ok(rows)
}

async fn beside_logins(bench: &mut Bench<'_>, name: &'static str, work: Work) -> Result<Row> {
    let ours = bench.servers.ours()?;
    let round_trips = bench.round_trips(name, work, &ours).await?;
    let (url, time) = (ours.url, bench.plan.time);
    let mut logins = works::login(&mut bench.making(&url, CONNECTIONS))?;
    let mut clients = work(&mut bench.making(&url, CONNECTIONS))?;
    let flood = load(&mut logins, 2 * RISE + time);
    let measured = async {
        load(&mut clients, RISE).await?;
        load(&mut clients, time).await
    };
    let (_, measured) = tokio::try_join!(flood, measured)?;
    if let Some(error) = measured.first_error() {
        progress(&format!(
            "{name}: {} errors, such as: {error}",
            measured.errors()
        ));
    }
    Ok(Row::new(name, Subject::Ours, &measured).with_round_trips(round_trips))
}
