//! A host for Spin applications on a machine without Spin: it serves the components of a spin.toml
//! for development and tests. It claims to be nothing more; production runs on Spin.
//!
//! It offers what the components of this repository use (HTTP both ways, PostgreSQL, Redis, MQTT,
//! variables, component dependencies) with Spin's semantics, and refuses manifests that ask for more.

mod allowed_hosts;
mod application;
mod arguments;
mod bindings;
mod blocked_networks;
mod connection_limit;
mod engine;
mod http_trigger;
mod manifest;
mod outbound_http;
mod outbound_mqtt;
mod outbound_pg;
mod outbound_redis;
mod output;
mod runtime_config;
mod settings;
mod state;
mod template;
mod variables;
mod variables_interface;

use std::env;
use std::process::ExitCode;
use std::thread::available_parallelism;

use tokio::runtime::{Builder, Runtime};

use self::arguments::{Command, UpArguments};

/// Sets the number of worker threads, for tokio itself as well.
const WORKER_THREADS: &str = "TOKIO_WORKER_THREADS";

fn main() -> ExitCode {
    let outcome = arguments::parse(env::args_os().skip(1)).and_then(|command| match command {
        Command::Up(arguments) => up(&arguments),
        Command::Help => {
            print!("{}", arguments::HELP);
            Ok(())
        }
        Command::Version => {
            println!("host {}", env!("CARGO_PKG_VERSION"));
            Ok(())
        }
    });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("host: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn up(arguments: &UpArguments) -> anyhow::Result<()> {
    let runtime = runtime()?;
    let service = application::load(arguments)?;
    let outcome = runtime.block_on(http_trigger::serve(arguments.listen, service));
    // Nothing is left to answer: the process ends without waiting for components that still
    // compute and without ending idle instances one by one.
    std::mem::forget(runtime);
    outcome
}

/// A runtime with several worker threads a core.
///
/// A component that computes holds its thread: with one thread a core, two password hashes on two
/// cores would stop everything else. With more threads the system shares the cores among them.
fn runtime() -> anyhow::Result<Runtime> {
    let mut builder = Builder::new_multi_thread();
    if env::var_os(WORKER_THREADS).is_none() {
        builder.worker_threads((4 * available_parallelism()?.get()).max(8));
    }
    Ok(builder.enable_all().build()?)
}
