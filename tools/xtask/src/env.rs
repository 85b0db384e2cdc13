//! `env`: writes `.env`, so that a plain `spin up` finds its servers and its secret.

use std::env;

use anyhow::Result;
use stack::{
    component_database_url, database_address, random_secret, read_dotenv, redis_address,
    write_dotenv,
};

use crate::database::required_database_url;
use crate::progress::say;

/// The variable with the secret that signs tokens.
pub(crate) const SECRET: &str = "SPIN_VARIABLE_JWT_SECRET";

/// Writes the servers of `DATABASE_URL` and `REDIS_URL` and a secret, unless there is one.
pub(crate) fn run() -> Result<()> {
    let database_url = required_database_url()?;
    let redis_url = env::var("REDIS_URL").unwrap_or_default();
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
    ])?;
    ensure_secret()?;
    if redis_url.is_empty() {
        say("REDIS_URL is not set: the service will run without Redis, which is slower.");
    }
    say(
        "Wrote .env. Next: `spin build && TOKIO_WORKER_THREADS=8 spin up --runtime-config-file \
         runtime-config.toml`.",
    );
    Ok(())
}

/// Makes a secret in `.env`, unless one is there or in the environment. It is kept from then on, so
/// that tokens outlive a restart.
pub(crate) fn ensure_secret() -> Result<()> {
    if env::var_os(SECRET).is_none() && !read_dotenv()?.contains_key(SECRET) {
        write_dotenv(&[(SECRET, &random_secret()?)])?;
    }
    Ok(())
}
