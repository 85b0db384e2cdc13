//! The service under constant load while its servers fail, one fault after the other and then at random:
//! what is answered, whether anything acknowledged is lost, and how soon everything works again.

mod fault;
mod ledger;
mod load;
mod proxy;
mod report;
mod servers;
mod user;

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result};
use clap::Parser;

use fault::Fault;
use report::Row;
use servers::Servers;

/// Breaks the servers behind a service and reports what its clients see.
#[derive(Debug, Parser)]
struct Arguments {
    /// How long each fault lasts, in seconds
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..=60))]
    seconds: u64,
    /// How long users go on after each fault, in seconds
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..=60))]
    after: u64,
    /// How long faults come at random afterwards, in seconds; 0: not at all
    #[arg(long, default_value_t = 300)]
    history: u64,
    /// Repeats the random faults of an earlier run
    #[arg(long)]
    seed: Option<u64>,
    /// Only the faults whose names contain this
    #[arg(long, value_name = "FAULT")]
    only: Option<String>,
    /// Write the rows to this file, too
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => {
            eprintln!("error: the service broke a promise; the table above says which");
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn run(arguments: &Arguments) -> Result<bool> {
    stack::stop_all_on_signals()?;
    let seed = arguments.seed.unwrap_or_else(|| fastrand::u64(..));
    println!("The seed is {seed}: --seed {seed} repeats the random faults.");
    let servers = Servers::start().await?;
    let rows = measure(&servers, arguments, seed).await?;
    print!("{}", report::table(&rows));
    if let Some(file) = &arguments.json {
        let json = serde_json::to_string_pretty(&rows).context("can't render the rows")?;
        fs::write(file, json).with_context(|| format!("can't write {}", file.display()))?;
    }
    Ok(rows.iter().all(Row::keeps_promises))
}

async fn measure(servers: &Servers, arguments: &Arguments, seed: u64) -> Result<Vec<Row>> {
    let length = Duration::from_secs(arguments.seconds);
    let after = Duration::from_secs(arguments.after);
    let mut users = load::users(servers).await;
    let mut rows = Vec::new();
    for fault in Fault::ALL {
        let only = arguments.only.as_deref().unwrap_or_default();
        if fault.name().contains(only) {
            rows.push(load::under_fault(servers, &mut users, fault, length, after).await?);
            eprintln!("{}", report::line(rows.last().context("a row")?));
        }
    }
    if arguments.history > 0 && arguments.only.is_none() {
        let length = Duration::from_secs(arguments.history);
        rows.push(load::under_random_faults(servers, &mut users, length, after, seed).await?);
    }
    Ok(rows)
}
