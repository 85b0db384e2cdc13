//! The password hash in the component, beside the same outside of WebAssembly.

use anyhow::Result;

use crate::names::{ARGON2ID, LOGIN_ALONE, LOGIN_UNHASHED};
use crate::progress;
use crate::row::Row;
use crate::workload::Workload;
use crate::workloads::Bench;
use crate::works;

/// How often they take turns: what is compared must have met the same.
const ROUNDS: u32 = 10;

/// What each takes of the time of a work.
const PARTS: u32 = 5;

/// Measures logins one after the other, with the hash and with the cheapest there is, and hashes
/// outside.
///
/// # Errors
/// If the client itself fails. Failing requests are counted.
pub(crate) async fn measure(bench: &mut Bench<'_>) -> Result<Vec<Row>> {
    if !bench.plan.has(ARGON2ID) {
        return Ok(Vec::new());
    }
    progress(&format!("Measuring {ARGON2ID} ..."));
    let (ours, unhashed) = (bench.servers.ours()?, bench.servers.unhashed()?);
    let round_trips = bench.round_trips(LOGIN_ALONE, works::login, &ours).await?;
    let login = works::login(&mut bench.making(&ours.url, 1))?;
    let unhashed_login = works::unhashed_login(&mut bench.making(&unhashed.url, 1))?;
    let mut workloads = [
        Workload::requests(LOGIN_ALONE, &ours, login).with_round_trips(round_trips),
        Workload::requests(LOGIN_UNHASHED, &unhashed, unhashed_login).with_round_trips(round_trips),
        Workload::native_hashes(ARGON2ID),
    ];
    let time = bench.plan.time / PARTS;
    for _ in 0..ROUNDS {
        for workload in &mut workloads {
            workload.run(time / 4, time).await?;
        }
    }
    workloads.iter().for_each(Workload::complain);
    let mut rows: Vec<Row> = workloads.iter().flat_map(Workload::rows).collect();
    // What a login takes beyond one whose hash costs next to nothing.
    let [login, unhashed, ..] = &rows[..] else {
        return Ok(rows);
    };
    rows.push(login.beyond(unhashed, ARGON2ID));
    Ok(rows)
}
