//! `up`: the service with all that it needs, on a machine that has nothing but Rust.

use std::collections::BTreeMap;
use std::env;

use anyhow::Result;
use clap::Args;
use stack::{HostKind, SERVER_VARIABLES, Source, Stack, read_dotenv};

use crate::database::Servers;
use crate::env::ensure_secrets;
use crate::progress::{print, say, step};
use crate::timers::{DRAIN, SWEEP, Timer, WARM};
use crate::{HostChoice, build, packages, settings};

/// What the environment's and `.env`'s names of Spin variables begin with.
const VARIABLE: &str = "SPIN_VARIABLE_";
/// What a browser's development server usually listens on.
const DEVELOPMENT_ORIGIN: &str = "http://localhost:3000";

/// Options of `up`.
#[derive(Args, Debug)]
pub(crate) struct Options {
    /// The port of 127.0.0.1 to serve on
    #[arg(long, default_value_t = 3000)]
    port: u16,
    /// What serves the components; by default Spin if a recent one is on PATH
    #[arg(long)]
    host: Option<HostChoice>,
    /// Begin with an empty private database and broker
    #[arg(long)]
    fresh: bool,
    /// Do without RabbitMQ: no event is written for it
    #[arg(long)]
    no_events: bool,
}

/// Starts everything and serves until the program is interrupted.
pub(crate) fn run(options: &Options) -> Result<()> {
    let kind = HostChoice::kind(options.host);
    if kind == HostKind::Spin {
        stack::recent_spin()?;
    }
    stack::ensure_free(options.port)?;
    ensure_secrets()?;
    let mut environment = read_dotenv()?;
    environment.extend(env::vars().filter(|(name, _)| name.starts_with(VARIABLE)));
    let mut servers = Servers::find(&environment);
    if options.no_events {
        servers.rabbitmq = Source::Existing(String::new());
        servers.amqp_url.clear();
    }
    let mut variables = own_variables(environment);
    if let Source::Existing(url) = &servers.rabbitmq {
        variables.insert("mqtt_url".to_owned(), url.clone());
    }
    settings::check(&variables)?;
    packages::ensure_programs(&servers.private())?;
    build::components(&[])?;
    build::host(kind)?;

    let mut builder = Stack::builder()
        .port(options.port)
        .durable()
        .database(servers.database)
        .redis(servers.redis)
        .rabbitmq(servers.rabbitmq)
        .amqp_url(&servers.amqp_url)
        .progress(step);
    if options.fresh {
        builder = builder.fresh();
    }
    for (name, value) in &variables {
        builder = builder.variable(name, value);
    }
    let mut stack = builder.start()?;
    step("Starting the host");
    stack.start_host(kind)?;
    let _timers = [DRAIN, SWEEP, WARM].map(|job| Timer::start(&stack, job));
    greet(&stack, kind)?;
    stack.host()?.wait()
}

/// The Spin variables of `environment`, and what `up` sets besides.
fn own_variables(environment: BTreeMap<String, String>) -> BTreeMap<String, String> {
    let mut variables =
        BTreeMap::from([("cors_origins".to_owned(), DEVELOPMENT_ORIGIN.to_owned())]);
    for (name, value) in environment {
        if let Some(variable) = name.strip_prefix(VARIABLE) {
            variables.insert(variable.to_ascii_lowercase(), value);
        }
    }
    // Where the servers are follows from the URLs that the stack was given.
    variables.retain(|name, _| !SERVER_VARIABLES.contains(&name.as_str()));
    variables
}

/// Says where the service is, and prints three commands that work as they stand.
fn greet(stack: &Stack, kind: HostKind) -> Result<()> {
    let url = format!("{}/api/v1/users", stack.url());
    let json = "-H 'Content-Type: application/json'";
    let name = random_name()?;
    let email = format!("ada.{name}@example.com");
    let password = format!("correct horse {name}");
    let server = match kind {
        HostKind::Spin => "Spin",
        HostKind::Dev => "the development host",
    };
    say(&format!("Logs are in {}", stack.folder().display()));
    print(&format!(
        r#"
The user service is at {0}, served by {server}. Ctrl-C stops it.

Try it from another terminal: make an account, sign in, read the profile.

curl -s -X POST {url}/register {json} -d '{{"name":"Ada Lovelace","email":"{email}","password":"{password}","preferences":{{"email":true,"push":true}}}}'

TOKEN=$(curl -s -X POST {url}/login {json} -d '{{"email":"{email}","password":"{password}"}}' | sed -n 's/.*"access" *: *"\([^"]*\)".*/\1/p')

curl -s {url}/profile -H "Authorization: Bearer $TOKEN"
"#,
        stack.url()
    ));
    if !stack.amqp_url().is_empty() {
        print(&format!(
            "See its events as they happen:\n\ncargo xtask events --port {}\n",
            stack.port()
        ));
    }
    Ok(())
}

/// Six letters, so that the printed commands make a new account each time.
fn random_name() -> Result<String> {
    let mut bytes = [0_u8; 6];
    getrandom::fill(&mut bytes).map_err(|error| anyhow::anyhow!("no random numbers: {error}"))?;
    Ok(bytes
        .iter()
        .map(|byte| char::from(b'a' + byte % 26))
        .collect())
}
