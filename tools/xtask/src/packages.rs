//! PostgreSQL and Redis from the system's package manager, where we may use it.

use std::process::{Command, Stdio};

use anyhow::{Result, bail};
use stack::{find_postgresql, find_program};

use crate::progress::{say, step};
use crate::toolchain;

/// A server that may have to be installed.
struct Server {
    name: &'static str,
    package: &'static str,
    variable: &'static str,
}

const POSTGRESQL: Server = Server {
    name: "PostgreSQL",
    package: "postgresql",
    variable: "DATABASE_URL",
};
const REDIS: Server = Server {
    name: "Redis",
    package: "redis-server",
    variable: "REDIS_URL",
};

/// Installs the programs of the private servers that are to be started, unless they are there.
///
/// # Errors
/// If they are missing and can't be installed; the text says what to install or to set.
pub(crate) fn ensure_servers(private_postgresql: bool, private_redis: bool) -> Result<()> {
    let mut missing = Vec::new();
    if private_postgresql && find_postgresql().is_none() {
        missing.push(POSTGRESQL);
    }
    if private_redis && find_program("redis-server").is_none() {
        missing.push(REDIS);
    }
    if missing.is_empty() {
        return Ok(());
    }
    let names = list(&missing, |server| server.name, " and ");
    let packages: Vec<&str> = missing.iter().map(|server| server.package).collect();
    let Some(administrator) = administrator() else {
        bail!(
            "{names} missing, and this user can't install packages. Either run `sudo apt-get \
             install {}`, or set {} to a server that is already there",
            packages.join(" "),
            list(&missing, |server| server.variable, " and ")
        );
    };
    if find_program("apt-get").is_none() {
        bail!(
            "{names} missing, and there is no apt-get to install it. Install it, or set {} to a \
             server that is already there",
            list(&missing, |server| server.variable, " and ")
        );
    }
    step(&format!("Installing {names} with apt-get"));
    say(
        "         The private servers are started by us; the package may also start one of its own.",
    );
    toolchain::run(
        apt_get(administrator, &["update", "--quiet"]),
        "`apt-get update`",
    )?;
    let mut install = vec!["install", "--yes", "--quiet", "--no-install-recommends"];
    install.extend(packages);
    toolchain::run(apt_get(administrator, &install), "`apt-get install`")
}

/// The command in front of apt-get: none for root, `sudo` where it asks for no password.
fn administrator() -> Option<&'static [&'static str]> {
    let succeeds = |program: &str, arguments: &[&str]| {
        let mut command = Command::new(program);
        command
            .args(arguments)
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command.status().is_ok_and(|status| status.success())
    };
    if succeeds("test", &["-w", "/var/lib/dpkg"]) {
        Some(&[])
    } else if succeeds("sudo", &["-n", "true"]) {
        Some(&["sudo", "-n"])
    } else {
        None
    }
}

fn apt_get(administrator: &[&str], arguments: &[&str]) -> Command {
    let mut words = administrator
        .iter()
        .chain(&["env", "DEBIAN_FRONTEND=noninteractive"]);
    let mut command = Command::new(words.next().copied().unwrap_or("env"));
    command
        .args(words)
        .arg("apt-get")
        .args(arguments)
        .stdin(Stdio::null());
    command
}

fn list(servers: &[Server], part: fn(&Server) -> &'static str, between: &str) -> String {
    servers.iter().map(part).collect::<Vec<_>>().join(between)
}
