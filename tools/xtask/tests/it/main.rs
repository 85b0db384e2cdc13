//! What holds for the workspace as a whole.

#![expect(
    clippy::unwrap_used,
    reason = "what fails in here fails the test that called it"
)]

mod containers;
mod dependencies;
mod description;
mod events;
mod kubernetes;
mod manifest;
mod nginx;
mod paths;
mod security;
mod spinkube;
mod transactions;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::Command;

use stack::workspace_root;

/// The files that git knows and that match `pattern`.
fn tracked(pattern: &str) -> Vec<PathBuf> {
    let output = Command::new("git")
        .args([
            "ls-files",
            "--",
            &format!(":(glob)**/{pattern}"),
            &format!(":(glob){pattern}"),
        ])
        .current_dir(workspace_root())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "git ls-files: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    let files: BTreeSet<PathBuf> = String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(PathBuf::from)
        .collect();
    assert!(!files.is_empty(), "git knows no file {pattern}");
    files
        .into_iter()
        .filter(|file| workspace_root().join(file).is_file())
        .collect()
}
