//! `test --schema`: schemathesis calls everything that `openapi.json` describes, and a browser shows
//! the page at `/api/docs`.

use std::process::Command;

use anyhow::{Context, Result};
use domain::{Email, Password, ServicePermission};
use stack::{HostKind, Source, Stack, free_port, random_secret, workspace_root};

use super::{nextest, tell};
use crate::packages::{self, Program};
use crate::progress::step;
use crate::python;
use crate::timers::{DRAIN, Timer};
use crate::{create_admin, toolchain};

/// The folder with what schemathesis is told.
const FOLDER: &str = "tests/schema";

/// Schemathesis and what it needs, with the hashes of their files.
const REQUIREMENTS: &str = include_str!("../../../../tests/schema/requirements.txt");

/// The test of the page, `tests/e2e/tests/browser`.
const BROWSER: &str = "--test=browser";

const ADMINISTRATOR: &str = "administrator@example.com";

/// The limits, which nobody is to meet.
const RATE_LIMITS: &str = r#"{
    "registration": {"limit": 1000000}, "login": {"limit": 1000000},
    "login_address": {"limit": 1000000}, "login_failures": {"limit": 1000000},
    "password_change": {"limit": 1000000}, "recovery": {"limit": 1000000},
    "recovery_address": {"limit": 1000000}, "recovery_code": {"limit": 1000000},
    "export": {"limit": 1000000}, "service_token": {"limit": 1000000},
    "general": {"rate": 1000000, "burst": 1000000}
}"#;

/// Starts a service that limits nobody, and tries its description with `arguments` for schemathesis.
pub(super) fn run(kind: HostKind, arguments: &[String]) -> Result<()> {
    packages::ensure_programs(&[Program::Chromium])?;
    let folder = workspace_root().join("target/schemathesis");
    let programs = python::environment(&folder, REQUIREMENTS, "schemathesis")?;
    step("Building the test of the page");
    toolchain::run(nextest(&[BROWSER, "--no-run"]), "building the test")?;

    let templates = free_port()?.to_string();
    let stack = Stack::builder()
        .rabbitmq(Source::Private)
        .host(kind)
        .variable("rate_limits", RATE_LIMITS)
        .variable("argon2_memory", "8")
        .variable("argon2_iterations", "1")
        .variable("max_hashes", "10000")
        .variable("sessions_per_user", "100000")
        .variable("request_deadline_ms", "25000")
        .variable(
            "template_service_url",
            &format!("http://127.0.0.1:{templates}"),
        )
        .progress(step)
        .start()?;
    let password = random_secret()?;
    make_administrator(stack.database_url(), &password)?;
    let _timer = Timer::start(&stack, DRAIN);

    step("Trying /api/docs in a browser");
    let mut browser = nextest(&[BROWSER, "--run-ignored=only"]);
    tell(&mut browser, &stack, kind, &stack.url());
    toolchain::run(browser, "the page in a browser")?;

    step("Trying what openapi.json describes");
    let mut command = Command::new(programs.join("schemathesis"));
    command
        .args(["--config-file", "schemathesis.toml", "run"])
        .arg(workspace_root().join("openapi.json"))
        .args(["--url", &stack.url()])
        .args(arguments)
        .env("SCHEMA_URL", stack.url())
        .env("SCHEMA_ADMIN_EMAIL", ADMINISTRATOR)
        .env("SCHEMA_ADMIN_PASSWORD", &password)
        .env(
            "SCHEMA_INTERNAL_SECRET",
            stack.variable("internal_secret").unwrap_or_default(),
        )
        .env("SCHEMA_PERMISSIONS", permissions())
        .env("SCHEMA_TEMPLATES_PORT", templates)
        .env("PYTHONPATH", ".")
        .env("HYPOTHESIS_STORAGE_DIRECTORY", folder.join("hypothesis"))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .current_dir(workspace_root().join(FOLDER));
    toolchain::run(command, "what openapi.json describes")
}

fn make_administrator(database_url: &str, password: &str) -> Result<()> {
    let email = Email::parse(ADMINISTRATOR).ok().context("no address")?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("can't start an asynchronous runtime")?;
    runtime.block_on(create_admin::create(
        database_url,
        &email,
        &Password::new(password),
    ))
}

/// All that a service account can be permitted.
fn permissions() -> String {
    let names: Vec<String> = ServicePermission::ALL
        .iter()
        .map(ToString::to_string)
        .collect();
    names.join(" ")
}

#[cfg(test)]
mod tests {
    use domain::RateLimits;

    use super::*;

    #[test]
    fn every_limit_is_raised() {
        let RateLimits {
            registration,
            login,
            login_address,
            login_failures,
            password_change,
            recovery,
            recovery_address,
            recovery_code,
            export,
            service_token,
            general,
        } = RateLimits::parse(RATE_LIMITS).unwrap();
        let limits = [
            registration,
            login,
            login_address,
            login_failures,
            password_change,
            recovery,
            recovery_address,
            recovery_code,
            export,
            service_token,
        ];
        for limit in limits {
            assert_eq!(limit.limit, 1_000_000);
        }
        assert_eq!(general.rate, 1_000_000);
    }
}
