//! `release-check`: what must hold of a release besides what `.ci/run` looks at with every change.

mod assurance;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use clap::Args;
use stack::{Host, HostKind, HostOptions, Stack, workspace_root};

use crate::packages::{Program, ensure_programs};
use crate::progress::{say, step};
use crate::timers::{self, DRAIN};
use crate::toolchain::run as run_command;
use crate::{build, lint, package};

/// A check by its name on the command line.
type Check = (&'static str, fn(&Options) -> Result<()>);

/// What is checked, in this order.
const CHECKS: [Check; 5] = [
    ("deployment", |_| lint::run()),
    ("reproducible", |_| reproducible()),
    ("serves", |_| serves()),
    ("fuzz", |_| assurance::fuzz()),
    ("mutants", |options| {
        assurance::mutants(options.shard.as_deref())
    }),
];

/// Where a clone is, in the folder that it is built in.
const SOURCES: &str = "sources";

/// Options of `release-check`.
#[derive(Args, Debug)]
pub(crate) struct Options {
    /// Does this check only
    #[arg(long, value_parser = CHECKS.map(|(name, _)| name))]
    only: Option<String>,
    /// Changes a part of the code only, in the check `mutants`: `1/20` is the second twentieth
    #[arg(long)]
    shard: Option<String>,
}

/// Does the checks.
///
/// # Errors
/// If one fails.
pub(crate) fn run(options: &Options) -> Result<()> {
    for (name, check) in CHECKS {
        if options.only.as_deref().is_none_or(|only| only == name) {
            check(options).with_context(|| format!("the check `{name}` failed"))?;
        }
    }
    say("The release is in order.");
    Ok(())
}

/// Two clean builds of the last commit, in folders of other names, give the same bytes.
fn reproducible() -> Result<()> {
    let folder = workspace_root().join("target/release-check");
    if folder.exists() {
        fs::remove_dir_all(&folder)
            .with_context(|| format!("can't remove {}", folder.display()))?;
    }
    let first = built_apart(&workspace_root(), &folder.join("first"))?;
    // Of the first's sources: somebody may commit meanwhile.
    let second = built_apart(
        &folder.join("first").join(SOURCES),
        &folder.join("second/one-folder-deeper"),
    )?;
    let (one, other) = (package::digest(&first)?, package::digest(&second)?);
    if one != other {
        let different = differences(&unpacked(&first), &unpacked(&second))?;
        ensure!(
            different.is_empty(),
            "two builds differ in {}",
            different.join(", ")
        );
    }
    ensure!(one == other, "two archives of the same files differ");
    say(&format!("Two clean builds give the same bytes: {one}"));
    Ok(())
}

/// The archive of a package that is built in `folder` from a clone of `repository`.
fn built_apart(repository: &Path, folder: &Path) -> Result<PathBuf> {
    let sources = folder.join(SOURCES);
    step(&format!("Cloning to {}", sources.display()));
    let mut clone = Command::new("git");
    clone
        .args(["clone", "--quiet"])
        .arg(repository)
        .arg(&sources);
    run_command(clone, "git clone")?;
    package::make(&sources, &folder.join("build"), &folder.join("package"))
}

/// The folder that an archive was made of.
fn unpacked(archive: &Path) -> PathBuf {
    archive.with_extension("").with_extension("")
}

/// The files that two folders do not have alike.
fn differences(first: &Path, second: &Path) -> Result<Vec<String>> {
    let mut files = package::files(first)?;
    files.extend(package::files(second)?);
    files.sort();
    files.dedup();
    let same = |file: &PathBuf| {
        let read = |folder: &Path| fs::read(folder.join(file)).ok();
        read(first) == read(second)
    };
    Ok(files
        .iter()
        .filter(|file| !same(file))
        .map(|file| file.display().to_string())
        .collect())
}

/// What is packaged is a service: it comes up and reaches its database.
fn serves() -> Result<()> {
    ensure_programs(&[Program::PostgreSql, Program::Redis])?;
    build::host(HostKind::Dev)?;
    let archive = package::make_here()?;
    step("Starting what is packaged");
    let stack = Stack::builder().start()?;
    let host = Host::launch(HostOptions {
        manifest: unpacked(&archive).join("spin.toml"),
        ..stack.host_options(HostKind::Dev)
    })?;
    let secret = stack.variable("internal_secret").unwrap_or_default();
    let status = timers::call(host.options().port, secret, DRAIN.path)?;
    ensure!(status == 200, "the package answers {status}");
    say("The package serves.");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_is_named_and_so_is_what_is_missing() {
        let folder = std::env::temp_dir().join(format!("differences-{}", std::process::id()));
        for (place, files) in [
            ("a", ["same", "x", "only-a"]),
            ("b", ["same", "x", "only-b"]),
        ] {
            fs::create_dir_all(folder.join(place)).unwrap();
            for file in files {
                let text = if file == "same" { "" } else { place };
                fs::write(folder.join(place).join(file), text).unwrap();
            }
        }
        let found = differences(&folder.join("a"), &folder.join("b")).unwrap();
        fs::remove_dir_all(&folder).unwrap();
        assert_eq!(found, ["only-a", "only-b", "x"]);
    }

    #[test]
    fn an_archive_lies_beside_its_folder() {
        let folder = unpacked(Path::new("package/user-service-1.0.0.tar.gz"));
        assert_eq!(folder, Path::new("package/user-service-1.0.0"));
    }
}
