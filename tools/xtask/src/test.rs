//! `test`: all tests, against the built components on private servers.

mod schema;

use std::collections::BTreeMap;
use std::process::Command;

use anyhow::{Result, bail};
use clap::Args;
use stack::{HostKind, Nginx, Source, Stack, workspace_root};

use crate::database::Servers;
use crate::gateway::{GATEWAY, Gateway};
use crate::packages::Program;
use crate::progress::step;
use crate::timers::{DRAIN, Timer};
use crate::{HostChoice, build, packages, sql, toolchain};

/// Options of `test`.
#[derive(Args, Debug)]
pub(crate) struct Options {
    /// The port of 127.0.0.1 that the tested service is on, with its logs in `.local`
    /// afterwards; by default a free one, and nothing is left
    #[arg(long)]
    port: Option<u16>,
    /// What serves the components; by default the development host
    #[arg(long, default_value = "dev")]
    host: HostChoice,
    /// How many hosts serve; several are behind nginx, which has TLS
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=9))]
    hosts: u16,
    /// Breaks the servers under load instead, and reports what the service's clients see
    #[arg(long, conflicts_with_all = ["port", "hosts"])]
    faults: bool,
    /// Calls all that `openapi.json` describes instead, with schemathesis, and shows `/api/docs` in a
    /// browser
    #[arg(long, conflicts_with_all = ["port", "hosts", "faults"])]
    schema: bool,
    /// Passed on to `cargo nextest run`, or to the faults, as `--seconds 2 --history 30 --seed 1`, or
    /// to `schemathesis run`, as `--max-examples 100 --include-path /health`
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    nextest: Vec<String>,
}

/// Builds, starts a service with an empty database, and runs the workspace's tests.
pub(crate) fn run(options: &Options) -> Result<()> {
    let kind = HostChoice::kind(Some(options.host));
    if kind == HostKind::Spin {
        stack::recent_spin()?;
    }
    options.port.map_or(Ok(()), stack::ensure_free)?;
    // What `.env` says is for the developer's own service.
    let servers = Servers::find(&BTreeMap::new());
    if servers.rabbitmq != Source::Private && servers.amqp_url.is_empty() {
        bail!(
            "with MQTT_URL the tests need AMQP_URL, too: the same broker as its consumers see it"
        );
    }
    // The tests that break servers need private ones, whatever the service under test uses.
    packages::ensure_programs(&Program::TESTS)?;
    toolchain::ensure_tool("cargo-nextest")?;
    build::components(&["guest"])?;
    build::host(kind)?;
    if options.faults {
        return run_faults(kind, &options.nextest);
    }
    if options.schema {
        return schema::run(kind, &options.nextest);
    }
    step("Building the tests");
    toolchain::run(nextest(&["--no-run"]), "building the tests")?;

    let mut stack = Stack::builder()
        .database(servers.database)
        .redis(servers.redis)
        .rabbitmq(servers.rabbitmq)
        .amqp_url(&servers.amqp_url)
        .progress(step);
    if let Some(port) = options.port {
        stack = stack.port(port).fresh();
    }
    if options.hosts > 1 {
        stack = stack.variable("trusted_proxies", GATEWAY);
    }
    let mut stack = stack.start()?;
    sql::check(stack.database_url())?;
    step("Starting the host");
    stack.start_host(kind)?;
    let gateway = match options.hosts {
        1 => None,
        hosts => Some(Gateway::start(&stack, kind, hosts)?),
    };
    let nginx = gateway.as_ref().map(Gateway::nginx);
    let url = nginx.map_or_else(|| stack.url(), Nginx::url);
    let _timer = Timer::start(&stack, DRAIN);

    step("Running the tests");
    let mut tests = nextest(&[]);
    tests.args(&options.nextest);
    tell(&mut tests, &stack, kind, &url);
    if let Some(nginx) = nginx {
        tests.env("E2E_CERTIFICATE", nginx.certificate());
    }
    toolchain::run(tests, "a test")
}

/// Tells `tests` where the service of `stack` is, whose clients find it at `url`.
fn tell(tests: &mut Command, stack: &Stack, kind: HostKind, url: &str) {
    tests
        .env("E2E_HOST", kind.name())
        .env("E2E_URL", url)
        .env("E2E_HOST_URL", stack.url())
        .env("E2E_DATABASE_URL", stack.database_url())
        .env("E2E_REDIS_URL", stack.redis_url())
        .env("E2E_AMQP_URL", stack.amqp_url());
    for secret in ["jwt_secret", "internal_secret"] {
        tests.env(
            format!("E2E_{}", secret.to_ascii_uppercase()),
            stack.variable(secret).unwrap_or_default(),
        );
    }
}

fn run_faults(kind: HostKind, arguments: &[String]) -> Result<()> {
    step("Building the faults");
    toolchain::run(build::native(&["faults"]), "building the faults")?;
    step("Breaking things");
    let mut faults = Command::new(workspace_root().join("target/host/faults"));
    faults.args(arguments).env("E2E_HOST", kind.name());
    toolchain::run(faults, "the service under faults")
}

fn nextest(arguments: &[&str]) -> Command {
    // The host's profile: what the host is made of is compiled for it already.
    let mut nextest =
        toolchain::cargo(&["nextest", "run", "--workspace", "--cargo-profile", "host"]);
    nextest.args(arguments);
    nextest
}
