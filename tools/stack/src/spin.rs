//! Which Spin is on PATH.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::programs::find_program;

/// The oldest Spin that knows `wasi:http@0.3.0`.
const OLDEST_SPIN: (u32, u32) = (4, 1);

/// The `spin` on PATH, if it is recent enough.
///
/// # Errors
/// If there is none, or it is too old; the text says what is needed.
pub fn recent_spin() -> Result<PathBuf> {
    let (major, minor) = OLDEST_SPIN;
    let Some(program) = find_program("spin") else {
        bail!(
            "there is no `spin` on PATH. Install Spin {major}.{minor} or later \
             (https://spinframework.dev), or use --host dev"
        );
    };
    let output = Command::new(&program).arg("--version").output();
    let output = output.context("can't run spin --version")?;
    let text = String::from_utf8_lossy(&output.stdout);
    match spin_version(&text) {
        Some(version) if version >= OLDEST_SPIN => Ok(program),
        Some((found_major, found_minor)) => bail!(
            "{} is version {found_major}.{found_minor}; the components need Spin {major}.{minor} \
             or later (wasi:http@0.3.0). Install it (https://spinframework.dev), or use --host dev",
            program.display()
        ),
        None => bail!(
            "{} is not the Spin that runs WebAssembly components. Install Spin {major}.{minor} or \
             later (https://spinframework.dev), or use --host dev",
            program.display()
        ),
    }
}

/// The version in `spin 4.1.0 (...)`. Debian's `spin`, a model checker, says `Spin Version 6.5.2`.
fn spin_version(text: &str) -> Option<(u32, u32)> {
    let mut numbers = text.strip_prefix("spin ")?.split(['.', ' ', '-']);
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spin_is_recognised_by_its_version() {
        assert_eq!(
            spin_version("spin 4.1.0 (94a8fc8 2026-09-15)\n"),
            Some((4, 1))
        );
        assert_eq!(spin_version("spin 4.1.0-pre0 (94a8fc8)"), Some((4, 1)));
        assert_eq!(spin_version("Spin Version 6.5.2 -- 6 December 2019"), None);
        assert_eq!(spin_version(""), None);
    }
}
