//! `generate`: writes the generated files that are committed.

mod benchmark;
pub mod events;
mod marks;
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
    let manifest = read(&root.join("spin.toml"))?;
    let measured = benchmark::rows(&read(&root.join("docs/benchmark.json"))?)?;
    let parts = [
        ("README.md", "capacity", benchmark::capacity(&measured)),
        (
            "docs/benchmark.md",
            "measurements",
            benchmark::table(&measured),
        ),
        ("README.md", "settings", settings::table(&manifest)?),
        (
            "docs/events.md",
            "events",
            events::reference(&root.join("schemas/events"))?,
        ),
    ];
    let mut is_up_to_date = true;
    for (name, part, text) in parts {
        let path = root.join(name);
        let old = read(&path)?;
        let new = marks::fill(&old, part, &text)
            .with_context(|| format!("{name} has no place for what is generated"))?;
        if old == new {
            continue;
        }
        if options.check {
            bail!("{name} is not what `cargo xtask generate` makes of it. Run that and commit it");
        }
        is_up_to_date = false;
        fs::write(&path, new).with_context(|| format!("can't write {name}"))?;
        say(&format!("Wrote {name}."));
    }
    if is_up_to_date {
        say("The generated files are up to date.");
    }
    Ok(())
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("can't read {}", path.display()))
}
