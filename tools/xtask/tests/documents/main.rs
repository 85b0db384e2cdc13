//! The documents: what they say to run is run, what they link to is there, and they leave out nothing
//! that they promise.

#![expect(
    clippy::unwrap_used,
    reason = "what fails in here fails the test that called it"
)]

mod alerts;
mod answer;
mod commands;
mod document;
mod links;
mod shell;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::Command;

use stack::workspace_root;

/// The paths of all files that git knows, from the root of the workspace.
fn tracked() -> BTreeSet<PathBuf> {
    let output = Command::new("git")
        .arg("ls-files")
        .current_dir(workspace_root())
        .output()
        .unwrap();
    assert!(output.status.success(), "git ls-files: {output:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().map(PathBuf::from).collect()
}
