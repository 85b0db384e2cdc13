//! The load benchmark behind `cargo xtask bench`: measures, prints a table, asserts no time.

mod accounts;
mod argon2id;
mod connection;
mod delivery;
mod exchange;
mod figures;
mod hashing;
mod idle;
mod interrupt;
mod load;
mod login_flood;
mod measurement;
mod names;
mod open_loop;
mod reference;
mod relay;
mod report;
mod round_trips;
mod row;
mod scripts;
mod servers;
mod service_account;
mod timing;
mod usage;
mod workload;
mod workloads;
mod works;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use clap::{Parser, ValueEnum};
use stack::HostKind;

use crate::delivery::DeliveryRow;
use crate::row::Row;
use crate::servers::Servers;
use crate::workloads::Plan;

/// Measures the service under load. The components, `hello` and the host must have been built.
#[derive(Debug, Parser)]
#[command(name = "bench")]
struct Arguments {
    /// What serves the components; by default Spin if a recent one is on PATH
    #[arg(long)]
    host: Option<HostChoice>,
    /// Write the rows to this file, too
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// How long each work is measured on each count of connections, at most 60: there are some
    /// fifty, ours take twice as long, and the access tokens of the start end after an hour
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u64).range(1..=60))]
    seconds: u64,
    /// How many requests are under way at once: each work is measured with each of these
    #[arg(long, value_delimiter = ',', default_values_t = [16, 64],
        value_parser = clap::value_parser!(u16).range(1..=256))]
    connections: Vec<u16>,
    /// Measure only works whose names contain this, besides hello; may be given several times
    #[arg(long, value_name = "WORK")]
    only: Vec<String>,
    /// Leave out the delivery of events, which needs RabbitMQ
    #[arg(long)]
    no_delivery: bool,
    /// Measure only whether the time that an answer takes tells who has an account
    #[arg(long)]
    timing: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum HostChoice {
    /// Spin, which must be on PATH
    Spin,
    /// The development host, tools/host
    Dev,
}

impl HostChoice {
    fn kind(self) -> HostKind {
        match self {
            Self::Spin => HostKind::Spin,
            Self::Dev => HostKind::Dev,
        }
    }
}

impl Arguments {
    fn kind(&self) -> HostKind {
        self.host.map_or_else(HostKind::preferred, HostChoice::kind)
    }
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            progress(&format!("error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<()> {
    let mut interrupted = interrupt::handle()?;
    // One thread sends all requests: the service has the rest of the machine.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("can't start the client's runtime")?;
    if arguments.timing {
        let report = runtime.block_on(async {
            tokio::select! {
                biased;
                _ = &mut interrupted => bail!("interrupted"),
                report = timing::report(arguments.kind()) => report,
            }
        })?;
        let _ = std::io::stdout().write_all(report.as_bytes());
        return Ok(());
    }
    let measured = runtime.block_on(async {
        tokio::select! {
            biased;
            _ = &mut interrupted => None,
            rows = measure(arguments) => Some(rows),
        }
    });
    let (rows, deliveries) = match measured {
        None => bail!("interrupted"),
        Some(Err(_)) if interrupt::has_come() => {
            // The servers are being stopped. That the handler has ended is all that counts.
            let _ = runtime.block_on(interrupted);
            bail!("interrupted")
        }
        Some(rows) => rows?,
    };

    let mut output = std::io::stdout();
    // A reader that has gone away is no reason to fail.
    let _ = output
        .write_all(report::report(&rows).as_bytes())
        .and_then(|()| match &*deliveries {
            [] => Ok(()),
            rows => write!(output, "\n{}", delivery::report(rows)),
        })
        .and_then(|()| output.flush());
    if let Some(file) = &arguments.json {
        write_json(file, &rows, &deliveries)?;
    }
    if let Some(row) = rows.iter().find(|row| row.only_failed()) {
        bail!("{}: every request failed; the reason is above", row.work);
    }
    match deliveries.iter().find(|row| row.only_failed()) {
        Some(row) => bail!("{}: none has arrived", row.work()),
        None => Ok(()),
    }
}

async fn measure(arguments: &Arguments) -> Result<(Vec<Row>, Vec<DeliveryRow>)> {
    let kind = arguments.kind();
    let servers = Servers::start(kind)?;
    let plan = Plan {
        connections: arguments
            .connections
            .iter()
            .copied()
            .map(usize::from)
            .collect(),
        time: Duration::from_secs(arguments.seconds),
        only: arguments.only.clone(),
    };
    let rows = workloads::measure(&servers, &plan).await?;
    // The events have the machine for themselves.
    drop(servers);
    let deliveries = if arguments.no_delivery {
        Vec::new()
    } else {
        delivery::measure(kind).await?
    };
    Ok((rows, deliveries))
}

fn write_json(file: &Path, rows: &[Row], deliveries: &[DeliveryRow]) -> Result<()> {
    let render = || {
        let rows = rows.iter().map(serde_json::to_value);
        let all = rows.chain(deliveries.iter().map(serde_json::to_value));
        serde_json::to_string_pretty(&all.collect::<Result<Vec<_>, _>>()?)
    };
    let mut json = render().context("can't render the rows")?;
    json.push('\n');
    fs::write(file, json).with_context(|| format!("can't write {}", file.display()))
}

/// Says what is going on. A reader that has gone away is no reason to fail.
fn progress(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}
