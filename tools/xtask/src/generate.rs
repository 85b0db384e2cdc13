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
        (
            "docs/operations/settings.md",
            "settings",
            settings::table(&manifest)?,
        ),
        (
            "docs/events.md",
            "events",
            events::reference(&root.join("schemas/events"))?,
        ),
        ("docs/errors.md", "errors", description::errors::table()),
    ];
    let mut is_up_to_date = put(&root, "openapi.json", &description::text(), options)?;
    for (name, part, text) in parts {
        let new = marks::fill(&read(&root.join(name))?, part, &text)
            .with_context(|| format!("{name} has no place for what is generated"))?;
        is_up_to_date &= put(&root, name, &new, options)?;
    }
    if is_up_to_date {
        say("The generated files are up to date.");
    }
    Ok(())
}

/// Makes `text` the content of the file `name`; answers whether it was so before.
fn put(root: &Path, name: &str, text: &str, options: &Options) -> Result<bool> {
    let path = root.join(name);
    if read(&path)? == text {
        return Ok(true);
    }
    if options.check {
        bail!("{name} is not what `cargo xtask generate` makes of it. Run that and commit it");
    }
    fs::write(&path, text).with_context(|| format!("can't write {name}"))?;
    say(&format!("Wrote {name}."));
    Ok(false)
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("can't read {}", path.display()))
}
