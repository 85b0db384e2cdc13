//! `build`: the components, and the development host.

use std::process::Command;

use anyhow::Result;
use stack::HostKind;

use crate::progress::{say, step};
use crate::toolchain::{cargo, ensure_wasm_target, run as run_command};

/// Builds everything that is served and what serves it.
pub(crate) fn run() -> Result<()> {
    components(&[])?;
    host(HostKind::Dev)?;
    say("Built. Start the service with `cargo xtask up`.");
    Ok(())
}

/// What the components that `spin.toml` names are built from.
pub(crate) const COMPONENTS: [&str; 7] = [
    "auth",
    "sessions",
    "users",
    "services",
    "admin",
    "ops",
    "credentials",
];

/// Builds the components that `spin.toml` names, and the packages `others` for the same target.
pub(crate) fn components(others: &[&str]) -> Result<()> {
    ensure_wasm_target()?;
    step("Building the components");
    run_command(components_command(others), "building the components")
}

/// `cargo`, about to do that.
pub(crate) fn components_command(others: &[&str]) -> Command {
    let mut cargo = cargo(&["build", "--release", "--target", "wasm32-wasip2"]);
    for package in COMPONENTS.iter().chain(others) {
        cargo.args(["--package", package]);
    }
    cargo
}

/// Builds the host, if it is ours.
pub(crate) fn host(kind: HostKind) -> Result<()> {
    if kind == HostKind::Spin {
        return Ok(());
    }
    step("Building the development host (some minutes the first time: a WebAssembly compiler)");
    run_command(native(&["host"]), "building the development host")
}

/// Builds `programs` of the workspace in the host's profile.
///
/// What they are made of gets the features that the whole workspace asks for, and so do the tests:
/// with `--package` it would be compiled once more for them.
pub(crate) fn native(programs: &[&str]) -> Command {
    let mut cargo = cargo(&["build", "--profile", "host", "--workspace"]);
    for program in programs {
        cargo.args(["--bin", program]);
    }
    cargo
}
