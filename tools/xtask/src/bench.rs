//! `bench`: the service under load. The scenarios are in `tests/bench`.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};
use clap::Args;
use stack::workspace_root;

use crate::packages::Program;
use crate::progress::step;
use crate::{HostChoice, build, packages, toolchain};

/// Leaves out what needs RabbitMQ.
const NO_DELIVERY: &str = "--no-delivery";

/// Options of `bench`.
#[derive(Args, Debug)]
pub(crate) struct Options {
    /// What serves the components; by default Spin if a recent one is on PATH
    #[arg(long)]
    host: Option<HostChoice>,
    /// Write the rows to this file, too
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Passed on to the benchmark, as `--seconds 10 --only login --no-delivery`
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    others: Vec<String>,
}

/// Builds what is measured and what measures, and runs it.
pub(crate) fn run(options: &Options) -> Result<()> {
    let kind = HostChoice::kind(options.host);
    let mut servers = vec![Program::PostgreSql, Program::Redis];
    if !options.others.iter().any(|other| other == NO_DELIVERY) {
        servers.push(Program::RabbitMq);
    }
    packages::ensure_programs(&servers)?;
    build::components(&["hello"])?;
    build::host(kind)?;
    step("Building the benchmark");
    toolchain::run(
        build::native(&["bench", "reference"]),
        "building the benchmark",
    )?;
    step("Measuring");
    let mut bench = Command::new(workspace_root().join("target/host/bench"));
    bench.args(["--host", kind.name()]).args(&options.others);
    if let Some(file) = &options.json {
        let file = std::path::absolute(file).context("can't find the folder of --json")?;
        bench.arg("--json").arg(file);
    }
    toolchain::run(bench, "the benchmark")
}
