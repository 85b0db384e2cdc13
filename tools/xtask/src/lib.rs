//! The tasks of this repository, one module each. `cargo xtask help` lists them.

mod bench;
mod build;
mod create_admin;
mod database;
mod django;
mod env;
mod events;
mod explain;
mod export_django;
mod gateway;
pub mod generate;
mod import_django;
mod interrupt;
mod keys;
mod lint;
mod migrate;
mod operator;
mod package;
mod packages;
mod progress;
mod python;
mod release_check;
mod seed;
mod service_account;
mod settings;
mod sql;
mod test;
mod timers;
mod toolchain;
mod up;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand, ValueEnum};
use stack::HostKind;

/// Tasks of the user service. Each says what it needs and installs what it may.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Start the service with all that it needs
    Up(up::Options),
    /// Print the events of a running service, one JSON document a line
    Events(events::Options),
    /// Build the components and the development host
    Build,
    /// Bring the database of `DATABASE_URL` up to date
    Migrate,
    /// Write .env for a plain `spin up` on the servers of `DATABASE_URL`, `REDIS_URL` and `MQTT_URL`
    Env,
    /// Make, change and end the accounts of services that call this one
    ServiceAccount(service_account::Options),
    /// Make and rotate the keys that sign tokens
    Keys(keys::Options),
    /// Make an administrator, the first or another
    CreateAdmin(create_admin::Options),
    /// Bring over what the service that this one replaces knows of its users
    ImportDjango(import_django::Options),
    /// Give back to the service that this one replaces what was changed here
    ExportDjango(export_django::Options),
    /// Write the generated files that are committed
    Generate(generate::Options),
    /// Add users to the database of `DATABASE_URL`
    Seed(seed::Options),
    /// Explain every SQL file on a database with many users
    Explain(explain::Options),
    /// Prepare every SQL file on a freshly migrated database
    Sql,
    /// Run all tests, with all that they need
    Test(test::Options),
    /// Lint the deployment files
    Lint,
    /// Make the files of a release
    Package,
    /// Check what must hold of a release, two builds of the same bytes among it
    ReleaseCheck(release_check::Options),
    /// Measure the service under load
    Bench(bench::Options),
}

/// Which host serves the components.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum HostChoice {
    /// Spin, which must be on PATH
    Spin,
    /// The development host, tools/host
    Dev,
}

impl HostChoice {
    /// The host that was asked for; without one, Spin if a recent one is on PATH.
    fn kind(choice: Option<Self>) -> HostKind {
        match choice {
            Some(Self::Spin) => HostKind::Spin,
            Some(Self::Dev) => HostKind::Dev,
            None => HostKind::preferred(),
        }
    }
}

/// Runs the task that the command line names.
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let result = interrupt::handle().and_then(|()| run(arguments.task));
    // What an interrupt breaks off fails for no other reason.
    interrupt::wait_if_interrupted();
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            progress::say(&format!("error: {}", explanation(&error)));
            ExitCode::FAILURE
        }
    }
}

fn run(task: Task) -> Result<()> {
    match task {
        Task::Up(options) => up::run(&options),
        Task::Events(options) => events::run(&options),
        Task::Build => build::run(),
        Task::Migrate => migrate::run(),
        Task::Env => env::run(),
        Task::ServiceAccount(options) => service_account::run(&options),
        Task::Keys(options) => keys::run(&options),
        Task::CreateAdmin(options) => create_admin::run(&options),
        Task::ImportDjango(options) => import_django::run(&options),
        Task::ExportDjango(options) => export_django::run(&options),
        Task::Generate(options) => generate::run(&options),
        Task::Seed(options) => seed::run(&options),
        Task::Explain(options) => explain::run(&options),
        Task::Sql => sql::run(),
        Task::Test(options) => test::run(&options),
        Task::Lint => lint::run(),
        Task::Package => package::run(),
        Task::ReleaseCheck(options) => release_check::run(&options),
        Task::Bench(options) => bench::run(&options),
    }
}

/// `error` with its causes, leaving out what has been said already.
fn explanation(error: &anyhow::Error) -> String {
    let mut text = String::new();
    for cause in error.chain().map(ToString::to_string) {
        if text.is_empty() {
            text = cause;
        } else if !text.contains(&cause) {
            text = format!("{text}: {cause}");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use anyhow::anyhow;

    use super::*;

    #[test]
    fn an_explanation_says_each_cause_once() {
        let error = anyhow!("refused")
            .context("no connection: refused")
            .context("can't migrate");
        assert_eq!(explanation(&error), "can't migrate: no connection: refused");
    }

    #[test]
    fn the_command_line_is_well_formed() {
        use clap::CommandFactory;
        Arguments::command().debug_assert();
    }
}
