//! Programs of `PyPI`, each with all that it needs in an environment of its own below `target`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::packages::{Program, ensure_programs};
use crate::progress::step;
use crate::toolchain::run;

/// Installs what `requirements` name, with their hashes, into `folder`, unless it is there already, and
/// answers where its programs are. `what` it is, is told meanwhile.
///
/// # Errors
/// If there is no Python and none can be installed, or the packages are out of reach.
pub(crate) fn environment(folder: &Path, requirements: &str, what: &str) -> Result<PathBuf> {
    fs::create_dir_all(folder).with_context(|| format!("can't create {}", folder.display()))?;
    // Programs name their Python by its path, and what is below `target` may outlive the clone that leads there.
    let folder = folder
        .canonicalize()
        .with_context(|| format!("can't read {}", folder.display()))?;
    let environment = folder.join("venv");
    let programs = environment.join("bin");
    let wanted = format!("# In {}\n{requirements}", environment.display());
    let installed = folder.join("requirements.txt");
    if fs::read_to_string(&installed).is_ok_and(|text| text == wanted) {
        return Ok(programs);
    }

    ensure_programs(&[Program::Python])?;
    step(&format!("Installing {what}, once"));
    let mut python = Command::new("python3");
    python.args(["-m", "venv", "--clear"]).arg(&environment);
    run(python, "`python3 -m venv`")?;
    let asked_for = folder.join("wanted.txt");
    fs::write(&asked_for, &wanted)
        .with_context(|| format!("can't write {}", asked_for.display()))?;
    let mut pip = Command::new(programs.join("pip"));
    pip.args(["install", "--quiet", "--disable-pip-version-check"])
        .args([
            "--require-hashes",
            "--only-binary",
            ":all:",
            "--requirement",
        ])
        .arg(&asked_for);
    run(pip, "`pip install`")?;
    fs::rename(&asked_for, &installed)
        .with_context(|| format!("can't write {}", installed.display()))?;
    Ok(programs)
}
