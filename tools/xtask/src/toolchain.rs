//! Cargo and what it needs: the components' target, and tools beside it.

use std::path::Path;
use std::process::Command;
use std::{env, fs};

use anyhow::{Context, Result, bail};
use stack::{find_program, run_to_end, workspace_root};
use toml::{Table, Value};

use crate::progress::step;

const TARGET: &str = "wasm32-wasip2";

/// `cargo` with these arguments, at the root. The folder of what it builds is the workspace's own
/// `target`, where `spin.toml` looks, whatever `CARGO_TARGET_DIR` says.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo
        .args(arguments)
        .env("CARGO_TARGET_DIR", workspace_root().join("target"))
        .current_dir(workspace_root());
    cargo
}

/// Runs `command` in the foreground.
///
/// # Errors
/// If it does not end with success. Its own output says why.
pub(crate) fn run(command: Command, what: &str) -> Result<()> {
    let status = run_to_end(command)?;
    if !status.success() {
        bail!("{what} failed; the reason is above");
    }
    Ok(())
}

/// Installs the target that the components are built for, unless it is there.
pub(crate) fn ensure_wasm_target() -> Result<()> {
    let output = Command::new("rustc")
        .args(["--print", "target-libdir", "--target", TARGET])
        .current_dir(workspace_root())
        .output()
        .context("can't run rustc")?;
    let folder = String::from_utf8_lossy(&output.stdout);
    if output.status.success() && Path::new(folder.trim()).is_dir() {
        return Ok(());
    }
    if find_program("rustup").is_none() {
        bail!(
            "the Rust target {TARGET} is missing, and there is no rustup to install it. Install \
             rustup (https://rustup.rs), then run `rustup target add {TARGET}`"
        );
    }
    step(&format!("Installing the Rust target {TARGET}"));
    let mut rustup = Command::new("rustup");
    rustup
        .args(["target", "add", TARGET])
        .current_dir(workspace_root());
    run(rustup, &format!("`rustup target add {TARGET}`"))
}

/// Installs a tool beside cargo, as `cargo-nextest`, unless it is there.
pub(crate) fn ensure_tool(tool: &str) -> Result<()> {
    if find_program(tool).is_some() {
        return Ok(());
    }
    step(&format!(
        "Installing {tool}, which takes some minutes, once"
    ));
    let version = version_of(tool)?;
    let mut install = Command::new("cargo");
    install.args(["install", "--locked", "--version", &version, tool]);
    run(install, &format!("`cargo install {tool}`"))
}

/// The version of `tool` that the workspace's manifest names.
fn version_of(tool: &str) -> Result<String> {
    let manifest =
        fs::read_to_string(workspace_root().join("Cargo.toml")).context("can't read Cargo.toml")?;
    let manifest: Table = manifest.parse().context("Cargo.toml is not in order")?;
    let mut version = manifest.get("workspace");
    for key in ["metadata", "tools", tool] {
        version = version.and_then(|table| table.get(key));
    }
    let version = version.and_then(Value::as_str).with_context(|| {
        format!("Cargo.toml names no version of {tool} under [workspace.metadata.tools]")
    })?;
    Ok(version.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_of_what_is_installed_stands_in_the_manifest() {
        assert!(version_of("cargo-nextest").unwrap().starts_with("0."));
        assert!(version_of("cargo-nothing").is_err());
    }
}
