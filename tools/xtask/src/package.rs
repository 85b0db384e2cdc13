//! `package`: the files of a release, the same bytes wherever they are made.

mod archive;
mod manifest;
mod sbom;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::json;
use sha2::{Digest, Sha256};
use stack::workspace_root;

use crate::build::components_command;
use crate::progress::{say, step};
use crate::toolchain::{ensure_wasm_target, run as run_command};

const VERSION: &str = env!("CARGO_PKG_VERSION");
/// What is copied as it is, where it is there.
const COPIED: [&str; 3] = ["runtime-config.toml", "openapi.json", "migrations"];

/// Makes the package in `target/package`.
///
/// # Errors
/// As [`make`].
pub(crate) fn run() -> Result<()> {
    let archive = make_here()?;
    let root = workspace_root();
    let name = archive.strip_prefix(&root).unwrap_or(&archive);
    say(&format!("{}  {}", digest(&archive)?, name.display()));
    Ok(())
}

/// The package of this workspace, in `target/package`.
///
/// # Errors
/// As [`make`].
pub(crate) fn make_here() -> Result<PathBuf> {
    let root = workspace_root();
    let target = root.join("target");
    make(
        &root,
        &target.join("package-build"),
        &target.join("package"),
    )
}

/// Builds the sources in `root` with cargo's files in `build`, and makes `user-service-<version>` in
/// `output`: a folder and an archive of it, whose path is the answer.
///
/// # Errors
/// If something of it can't be built, read or written.
pub(crate) fn make(root: &Path, build: &Path, output: &Path) -> Result<PathBuf> {
    ensure_wasm_target()?;
    step("Building the components for a release");
    run_command(build_command(root, build), "building the components")?;
    step("Packaging");
    let name = format!("user-service-{VERSION}");
    let folder = output.join(&name);
    if folder.exists() {
        fs::remove_dir_all(&folder)
            .with_context(|| format!("can't remove {}", folder.display()))?;
    }
    fs::create_dir_all(&folder).with_context(|| format!("can't create {}", folder.display()))?;

    let manifest = read(&root.join("spin.toml"))?;
    let components = build.join("wasm32-wasip2/release");
    for (component, bytes) in manifest::composed(&manifest, &components)? {
        write(&folder.join(format!("{component}.wasm")), bytes)?;
    }
    write(&folder.join("spin.toml"), manifest::packaged(&manifest)?)?;
    for name in COPIED {
        copy(&root.join(name), &folder.join(name))?;
    }
    write(&folder.join("sbom.cdx.json"), sbom::document(root)?)?;
    write(&folder.join("build.json"), provenance(root)?)?;
    write(&folder.join("SHA256SUMS"), checksums(&folder)?)?;

    let archive = output.join(format!("{name}.tar.gz"));
    write(&archive, archive::of(&folder, &name)?)?;
    Ok(archive)
}

/// The SHA-256 of a file, in hexadecimal digits.
///
/// # Errors
/// If it can't be read.
pub(crate) fn digest(path: &Path) -> Result<String> {
    let bytes = fs::read(path).with_context(|| format!("can't read {}", path.display()))?;
    let mut text = String::new();
    for byte in Sha256::digest(bytes) {
        let _ = write!(text, "{byte:02x}");
    }
    Ok(text)
}

/// The files below `folder`, relative to it and in order.
///
/// # Errors
/// If a folder can't be read.
pub(crate) fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        let entries = fs::read_dir(&next);
        for entry in entries.with_context(|| format!("can't read {}", next.display()))? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push(path.strip_prefix(folder)?.to_owned());
            }
        }
    }
    found.sort();
    Ok(found)
}

/// `cargo`, about to build the components so that no path of this machine is in them: the texts of
/// panics name source files.
fn build_command(root: &Path, build: &Path) -> Command {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(std::env::home_dir()?.join(".cargo")));
    let mut flags = Vec::new();
    for (path, name) in [
        (Some(root.to_owned()), "/user-service"),
        (Some(build.to_owned()), "/target"),
        (home, "/cargo"),
    ] {
        flags.extend(path.map(|path| format!("--remap-path-prefix={}={name}", path.display())));
    }
    let mut cargo = components_command(&[]);
    cargo
        .arg("--locked")
        .arg("--config")
        .arg(format!("target.wasm32-wasip2.rustflags={flags:?}"))
        .env("CARGO_TARGET_DIR", build)
        .env_remove("RUSTFLAGS")
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .current_dir(root);
    cargo
}

/// What it was built from and with. The time is not in it, so that the same sources give the same
/// file.
fn provenance(root: &Path) -> Result<String> {
    let revision = output("git", &["rev-parse", "HEAD"], root)?;
    let changed = output("git", &["status", "--porcelain"], root)?;
    let document = json!({
        "name": "user-service",
        "version": VERSION,
        "revision": revision,
        "uncommitted_changes": !changed.is_empty(),
        "compiler": output("rustc", &["--version"], root)?,
        "target": "wasm32-wasip2",
        "cargo_lock_sha256": digest(&root.join("Cargo.lock"))?,
    });
    Ok(format!("{document:#}\n"))
}

/// `SHA256SUMS`, as `sha256sum --check` reads it.
fn checksums(folder: &Path) -> Result<String> {
    let mut text = String::new();
    for file in files(folder)? {
        writeln!(text, "{}  {}", digest(&folder.join(&file))?, file.display())?;
    }
    Ok(text)
}

fn output(program: &str, arguments: &[&str], folder: &Path) -> Result<String> {
    let output = Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .output()
        .with_context(|| format!("can't run {program}"))?;
    if !output.status.success() {
        bail!(
            "{program} {}: {}",
            arguments.join(" "),
            String::from_utf8_lossy(&output.stderr).trim()
        );
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    if !from.is_dir() {
        if from.exists() {
            fs::copy(from, to).with_context(|| format!("can't copy {}", from.display()))?;
        }
        return Ok(());
    }
    fs::create_dir_all(to).with_context(|| format!("can't create {}", to.display()))?;
    for file in files(from)? {
        copy(&from.join(&file), &to.join(&file))?;
    }
    Ok(())
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("can't read {}", path.display()))
}

fn write(path: &Path, bytes: impl AsRef<[u8]>) -> Result<()> {
    fs::write(path, bytes).with_context(|| format!("can't write {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_names_no_path_of_this_machine() {
        let command = build_command(Path::new("/somewhere/sources"), Path::new("/elsewhere"));
        let arguments: Vec<_> = command
            .get_args()
            .map(|argument| argument.to_string_lossy().into_owned())
            .collect();
        let flags = arguments.last().unwrap();
        for flag in [
            "\"--remap-path-prefix=/somewhere/sources=/user-service\"",
            "\"--remap-path-prefix=/elsewhere=/target\"",
            "=/cargo\"",
        ] {
            assert!(flags.contains(flag), "{flags}");
        }
        assert!(arguments.contains(&"--locked".to_owned()));
    }

    #[test]
    fn checksums_are_of_every_file_in_order() {
        let folder = std::env::temp_dir().join(format!("checksums-{}", std::process::id()));
        fs::create_dir_all(folder.join("b")).unwrap();
        fs::write(folder.join("b/c"), "abc").unwrap();
        fs::write(folder.join("a"), "").unwrap();
        let text = checksums(&folder).unwrap();
        fs::remove_dir_all(&folder).unwrap();
        // The digests that FIPS 180-2 has as examples.
        assert_eq!(
            text,
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  a\n\
             ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  b/c\n"
        );
    }
}
