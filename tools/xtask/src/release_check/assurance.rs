//! What looks for the tests' gaps, and takes too long for `.ci/run`: random input, and changed code.

use std::fs;

use anyhow::{Context, Result, bail};
use stack::{run_to_end, workspace_root};

use crate::progress::{say, step};
use crate::toolchain::{self, cargo, ensure_tool};

/// How long each fuzz target is tried, in milliseconds.
const FUZZING: &str = "60000";

/// The exit status of cargo-mutants when the tests of some mutants pass.
const SOME_MISSED: i32 = 2;

/// The same when some of them never end.
const SOME_TIMED_OUT: i32 = 3;

/// Tries each fuzz target for a minute, after all that is in its corpus.
///
/// # Errors
/// If a target fails.
pub(super) fn fuzz() -> Result<()> {
    ensure_tool("cargo-nextest")?;
    step("Fuzzing, a minute for each target");
    let mut command = cargo(&["nextest", "run", "--no-fail-fast"]);
    command
        .args(["--package", "fuzz", "--package", "credentials"])
        .args(["--filterset", "package(fuzz) | test(/::fuzz::/)"])
        .env("BOLERO_RANDOM_TEST_TIME_MS", FUZZING)
        .env("BOLERO_RANDOM_ITERATIONS", u32::MAX.to_string());
    toolchain::run(command, "a fuzz target")
}

/// Changes `domain` and `credentials` in one place after the other, and lists the changes that no
/// test notices, for somebody to look at. `shard`, as `1/20`, is the part of the changes to try.
///
/// # Errors
/// If cargo-mutants can't be installed or run, or the tests fail without a change.
pub(super) fn mutants(shard: Option<&str>) -> Result<()> {
    ensure_tool("cargo-nextest")?;
    ensure_tool("cargo-mutants")?;
    step("Changing the code, which takes hours without --shard");
    let mut command = cargo(&["mutants", "--test-tool", "nextest", "--output", "target"]);
    command.args(["--package", "domain", "--package", "credentials"]);
    if let Some(shard) = shard {
        command.args(["--shard", shard]);
    }
    command
        // What follows is for nextest. Random input for a second would be most of the time.
        .args(["--", "--filterset", "not test(/::fuzz::/)"])
        .env("PROPTEST_CASES", "32");
    let status = run_to_end(command)?;
    if !status.success() && !matches!(status.code(), Some(SOME_MISSED | SOME_TIMED_OUT)) {
        bail!("cargo-mutants failed; the reason is above");
    }
    let list = workspace_root().join("target/mutants.out/missed.txt");
    let missed =
        fs::read_to_string(&list).with_context(|| format!("can't read {}", list.display()))?;
    say(&format!(
        "Changes that no test notices: {}.\n{missed}",
        missed.lines().count()
    ));
    Ok(())
}
