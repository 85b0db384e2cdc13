//! Writes the list of the most used passwords, sorted, one a line, for `src/passwords/common.rs`.
//!
//! It is the list of the crate zxcvbn that Cargo.lock names; nothing of it is compiled.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, error::Error, fs};

/// How the line of `src/frequency_lists.rs` begins that holds the passwords, and how it ends.
const BEFORE: &str = "const PASSWORDS: &str = \"";
const AFTER: &str = "\";";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=../../Cargo.lock");

    let source = fs::read_to_string(zxcvbn_directory()?.join("src/frequency_lists.rs"))?;
    let mut passwords = ranked_passwords(&source)?;
    passwords.sort_unstable();
    passwords.dedup();
    let output = PathBuf::from(env::var("OUT_DIR")?).join("common_passwords.txt");
    fs::write(output, passwords.join("\n"))?;
    Ok(())
}

/// Where cargo keeps the zxcvbn that this workspace is locked to.
fn zxcvbn_directory() -> Result<PathBuf, Box<dyn Error>> {
    let output = Command::new(env::var("CARGO")?)
        .args(["metadata", "--format-version", "1", "--locked"])
        .args(["--features", "credentials/password-list"])
        // The component's target: only what it needs is fetched.
        .args(["--filter-platform", "wasm32-wasip2"])
        .output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into());
    }
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout)?;
    let manifest = metadata["packages"]
        .as_array()
        .into_iter()
        .flatten()
        .find(|package| package["name"] == "zxcvbn")
        .and_then(|package| package["manifest_path"].as_str())
        .ok_or("credentials does not name zxcvbn")?;
    let directory = Path::new(manifest).parent();
    Ok(directory
        .ok_or("the manifest has no directory")?
        .to_path_buf())
}

/// Reads the passwords from the Rust source that defines them.
fn ranked_passwords(source: &str) -> Result<Vec<String>, Box<dyn Error>> {
    let list = source
        .lines()
        .find_map(|line| line.strip_prefix(BEFORE)?.strip_suffix(AFTER))
        .ok_or("zxcvbn holds its passwords in another form than build.rs reads")?;
    let passwords: Vec<String> = list
        .split(',')
        .map(|password| password.replace("\\'", "'"))
        .collect();
    let is_sound = |password: &String| {
        let lowercase = !password.bytes().any(|byte| byte.is_ascii_uppercase());
        !password.is_empty() && lowercase && !password.contains(['\\', '\n'])
    };
    // ASVS 5.0, 6.2.4 asks for 3,000 at least; zxcvbn has 30,000.
    if passwords.len() < 10_000 || !passwords.iter().all(is_sound) {
        return Err(
            "zxcvbn's passwords are fewer, or written otherwise, than build.rs expects".into(),
        );
    }
    Ok(passwords)
}
