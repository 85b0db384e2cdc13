//! `generate`: writes the generated files that are committed.

pub mod settings;

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use clap::Args;
use stack::workspace_root;

use crate::progress::say;

/// Options of `generate`.
#[derive(Args, Debug)]
pub(crate) struct Options {
    /// Change nothing; fail if anything would change
    #[arg(long)]
    check: bool,
}

/// Writes, or checks, each generated file.
pub(crate) fn run(options: &Options) -> Result<()> {
    let root = workspace_root();
    let readme = root.join("README.md");
    let manifest = read(&root.join("spin.toml"))?;
    let old = read(&readme)?;
    let new = settings::into_readme(&old, &settings::table(&manifest)?)?;
    if old == new {
        say("The generated files are up to date.");
    } else if options.check {
        bail!("README.md is not what `cargo xtask generate` makes of it. Run that and commit it");
    } else {
        fs::write(&readme, new).context("can't write README.md")?;
        say("Wrote README.md.");
    }
    Ok(())
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("can't read {}", path.display()))
}
