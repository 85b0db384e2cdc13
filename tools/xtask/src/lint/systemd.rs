//! systemd's own check of `deploy/systemd`.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use stack::find_program;

use crate::packages::ensure_packages;
use crate::toolchain::run as run_command;

/// The most that `systemd-analyze security` may say of a unit, of 100: the lower the better.
const EXPOSURE: &str = "20";

/// Has systemd read the units as if they were installed, and judge how much they may do.
///
/// # Errors
/// If one is not in order.
pub(super) fn check(root: &Path) -> Result<()> {
    if find_program("systemd-analyze").is_none() {
        ensure_packages(&["systemd"])?;
    }
    let system = root.join("target/lint/system");
    if system.exists() {
        fs::remove_dir_all(&system)?;
    }
    let units = system.join("etc/systemd/system");
    fs::create_dir_all(&units)?;
    let mut names = Vec::new();
    let mut services = Vec::new();
    let shipped = root.join("deploy/systemd");
    for entry in fs::read_dir(&shipped).context("can't read deploy/systemd")? {
        let path = entry?.path();
        let name = path
            .file_name()
            .context("a file without a name")?
            .to_owned();
        let is_service = path.extension().is_some_and(|it| it == "service");
        if !is_service && path.extension().is_none_or(|it| it != "timer") {
            continue;
        }
        let text = fs::read_to_string(&path)?;
        // systemd looks whether what it is to run is there.
        for program in text
            .lines()
            .filter_map(|line| line.strip_prefix("ExecStart="))
        {
            let program = program.split_whitespace().next().unwrap_or_default();
            put_program(&system.join(program.trim_start_matches('/')))?;
        }
        fs::write(units.join(&name), text)?;
        if is_service {
            services.push(units.join(&name));
        }
        names.push(name);
    }
    ensure!(services.len() > 2, "deploy/systemd has too few services");
    for name in [
        "sysinit.target",
        "network-online.target",
        "timers.target",
        "multi-user.target",
    ] {
        fs::write(units.join(name), "[Unit]\nDescription=It is there\n")?;
    }

    let mut verify = Command::new("systemd-analyze");
    verify
        .arg("verify")
        .arg("--man=no")
        .arg("--recursive-errors=yes")
        .arg(format!("--root={}", system.display()))
        .args(&names);
    run_command(verify, "systemd-analyze verify")?;
    let mut security = Command::new("systemd-analyze");
    security
        .args(["security", "--offline=yes", "--no-pager"])
        .arg(format!("--threshold={EXPOSURE}"))
        .args(services);
    let output = security.output().context("can't run systemd-analyze")?;
    ensure!(
        output.status.success(),
        "a unit may do too much:\n{}",
        String::from_utf8_lossy(&output.stdout)
    );
    Ok(())
}

/// An empty program at `path`.
fn put_program(path: &Path) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, "")?;
    fs::set_permissions(path, fs::Permissions::from_mode(0o755))?;
    Ok(())
}
