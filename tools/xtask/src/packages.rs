//! What is run of others, from the system's package manager, where we may use it.

use std::process::{Command, Stdio};

use anyhow::{Result, bail};
use stack::{find_nginx, find_postgresql, find_program, find_rabbitmq};

use crate::progress::{say, step};
use crate::toolchain;

/// Installs the packages that it is given. Debian starts a server when its package is installed,
/// unless a policy forbids it: there is one for as long as that takes, if there is none anyway.
const INSTALL: &str = r#"
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
    trap 'rm -f "$policy"' EXIT
    trap 'exit 1' HUP INT TERM
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
fi
apt-get install --yes --quiet --no-install-recommends "$@"
"#;

/// A program that may have to be installed.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Program {
    PostgreSql,
    Redis,
    RabbitMq,
    /// Only in front of hosts that are tested.
    Nginx,
    /// What the documents' commands are made of.
    Curl,
    Jq,
    /// What the clients in other languages need.
    Npm,
    /// With the server that drives it, `chromedriver`; only for the page at `/api/docs`.
    Chromium,
    /// With its module `venv`.
    Python,
}

impl Program {
    /// All that the tests need in any case.
    pub(crate) const TESTS: [Self; 8] = [
        Self::PostgreSql,
        Self::Redis,
        Self::RabbitMq,
        Self::Nginx,
        Self::Curl,
        Self::Jq,
        Self::Npm,
        Self::Python,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::PostgreSql => "PostgreSQL",
            Self::Redis => "Redis",
            Self::RabbitMq => "RabbitMQ",
            Self::Nginx => "nginx",
            Self::Curl => "curl",
            Self::Jq => "jq",
            Self::Npm => "npm",
            Self::Chromium => "Chromium",
            Self::Python => "Python",
        }
    }

    fn package(self) -> &'static str {
        match self {
            Self::PostgreSql => "postgresql",
            Self::Redis => "redis-server",
            Self::RabbitMq => "rabbitmq-server",
            Self::Nginx => "nginx-light",
            Self::Curl => "curl",
            Self::Jq => "jq",
            Self::Npm => "npm",
            Self::Chromium => "chromium-driver",
            Self::Python => "python3-venv",
        }
    }

    /// The variable that names one that is there already.
    fn variable(self) -> Option<&'static str> {
        match self {
            Self::PostgreSql => Some("DATABASE_URL"),
            Self::Redis => Some("REDIS_URL"),
            Self::RabbitMq => Some("MQTT_URL"),
            Self::Nginx | Self::Curl | Self::Jq | Self::Npm | Self::Chromium | Self::Python => None,
        }
    }

    fn is_installed(self) -> bool {
        match self {
            Self::PostgreSql => find_postgresql().is_some(),
            Self::Redis => find_program("redis-server").is_some(),
            Self::Nginx => find_nginx().is_some(),
            Self::Curl => find_program("curl").is_some(),
            Self::Jq => find_program("jq").is_some(),
            Self::Npm => find_program("npm").is_some() && find_program("node").is_some(),
            Self::RabbitMq => find_rabbitmq().is_some() && find_program("epmd").is_some(),
            Self::Chromium => find_program("chromedriver").is_some(),
            // Debian's has the module, and what it needs in a package of its own.
            Self::Python => succeeds("python3", &["-c", "import ensurepip, venv"]),
        }
    }
}

/// Installs `programs`, unless they are there.
///
/// # Errors
/// If they are missing and can't be installed; the text says what to install or to set.
pub(crate) fn ensure_programs(programs: &[Program]) -> Result<()> {
    let missing: Vec<Program> = programs
        .iter()
        .copied()
        .filter(|program| !program.is_installed())
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let names = list(&missing, Program::name, " and ");
    let packages: Vec<&str> = missing.iter().map(|program| program.package()).collect();
    let Some(administrator) = administrator() else {
        bail!(
            "{names} missing, and this user can't install packages. Run `sudo apt-get install \
             {}`{}",
            packages.join(" "),
            alternative(&missing)
        );
    };
    if find_program("apt-get").is_none() {
        bail!(
            "{names} missing, and there is no apt-get to install it. Install it{}",
            alternative(&missing)
        );
    }
    step(&format!("Installing {names} with apt-get"));
    say("         What the packages would start by themselves stays off until the next boot.");
    install(administrator, &packages)
}

/// Installs these packages of Debian.
///
/// # Errors
/// If that can't be done here; the text says how it is done by hand.
pub(crate) fn ensure_packages(packages: &[&str]) -> Result<()> {
    let names = packages.join(" ");
    match administrator() {
        Some(administrator) if find_program("apt-get").is_some() => {
            step(&format!("Installing {names} with apt-get"));
            install(administrator, packages)
        }
        _ => bail!("missing, and they can't be installed from here: {names}"),
    }
}

fn install(administrator: &[&str], packages: &[&str]) -> Result<()> {
    toolchain::run(
        privileged(administrator, &["apt-get", "update", "--quiet"]),
        "`apt-get update`",
    )?;
    let mut install = vec!["sh", "-c", INSTALL, "install"];
    install.extend(packages);
    toolchain::run(privileged(administrator, &install), "`apt-get install`")
}

/// What can be done instead of installing them.
fn alternative(missing: &[Program]) -> String {
    let variables: Option<Vec<_>> = missing.iter().map(|program| program.variable()).collect();
    variables.map_or_else(String::new, |variables| {
        format!(
            ", or set {} to a server that is already there",
            variables.join(" and ")
        )
    })
}

/// The command in front of apt-get: none for root, `sudo` where it asks for no password.
fn administrator() -> Option<&'static [&'static str]> {
    if succeeds("test", &["-w", "/var/lib/dpkg"]) {
        Some(&[])
    } else if succeeds("sudo", &["-n", "true"]) {
        Some(&["sudo", "-n"])
    } else {
        None
    }
}

fn succeeds(program: &str, arguments: &[&str]) -> bool {
    let mut command = Command::new(program);
    command
        .args(arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

fn privileged(administrator: &[&str], arguments: &[&str]) -> Command {
    let mut words = administrator
        .iter()
        .chain(&["env", "DEBIAN_FRONTEND=noninteractive"]);
    let mut command = Command::new(words.next().copied().unwrap_or("env"));
    command.args(words).args(arguments).stdin(Stdio::null());
    command
}

fn list(programs: &[Program], part: fn(Program) -> &'static str, between: &str) -> String {
    programs
        .iter()
        .copied()
        .map(part)
        .collect::<Vec<_>>()
        .join(between)
}
