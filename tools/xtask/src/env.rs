//! `env`: writes `.env`, so that a plain `spin up` finds its servers and its secrets.

use std::env;

use anyhow::Result;
use stack::{
    component_database_url, database_address, mqtt_address, random_secret, read_dotenv,
    redis_address, write_dotenv,
};

use crate::database::required_database_url;
use crate::progress::say;

/// The variables with the secrets: what signs tokens, and what the outbox's timer shows.
const SECRETS: [&str; 2] = ["SPIN_VARIABLE_JWT_SECRET", "SPIN_VARIABLE_INTERNAL_SECRET"];

/// Writes the servers of `DATABASE_URL`, `REDIS_URL`, `MQTT_URL` and `AMQP_URL`, and secrets unless
/// they are there.
pub(crate) fn run() -> Result<()> {
    let database_url = required_database_url()?;
    let redis_url = env::var("REDIS_URL").unwrap_or_default();
    let mqtt_url = env::var("MQTT_URL").unwrap_or_default();
    write_dotenv(&[
        (
            "SPIN_VARIABLE_DATABASE_URL",
            &component_database_url(&database_url)?,
        ),
        (
            "SPIN_VARIABLE_DATABASE_ADDRESS",
            &database_address(&database_url)?,
        ),
        ("SPIN_VARIABLE_REDIS_URL", &redis_url),
        ("SPIN_VARIABLE_REDIS_ADDRESS", &redis_address(&redis_url)?),
        ("SPIN_VARIABLE_MQTT_URL", &mqtt_url),
        ("SPIN_VARIABLE_MQTT_ADDRESS", &mqtt_address(&mqtt_url)?),
        // Not the service's, but `cargo xtask events` looks for it.
        ("AMQP_URL", &env::var("AMQP_URL").unwrap_or_default()),
    ])?;
    ensure_secrets()?;
    if redis_url.is_empty() {
        say("REDIS_URL is not set: the service will run without Redis, which is slower.");
    }
    if mqtt_url.is_empty() {
        say("MQTT_URL is not set: no event will be written for RabbitMQ.");
    }
    say(
        "Wrote .env. Next: `spin build && TOKIO_WORKER_THREADS=8 spin up --runtime-config-file \
         runtime-config.toml`.",
    );
    Ok(())
}

/// Makes each secret in `.env`, unless it is there or in the environment. It is kept from then on, so
/// that tokens outlive a restart.
pub(crate) fn ensure_secrets() -> Result<()> {
    for name in SECRETS {
        if env::var_os(name).is_none() && !read_dotenv()?.contains_key(name) {
            write_dotenv(&[(name, &random_secret()?)])?;
        }
    }
    Ok(())
}
