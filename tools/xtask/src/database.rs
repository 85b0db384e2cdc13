//! Where the servers come from: the environment, the service's settings, or private ones; and how
//! an operator's command comes to its database.

use std::collections::BTreeMap;
use std::env;

use anyhow::{Context, Result, bail};
use sqlx::{Connection, PgConnection};
use stack::{Source, read_dotenv, running_database_url};

use crate::packages::Program;

/// The servers to use.
pub(crate) struct Servers {
    /// PostgreSQL
    pub(crate) database: Source,
    /// Redis
    pub(crate) redis: Source,
    /// RabbitMQ
    pub(crate) rabbitmq: Source,
    /// Where consumers find a RabbitMQ that is there already; empty if that is not known
    pub(crate) amqp_url: String,
}

impl Servers {
    /// Those that `DATABASE_URL`, `REDIS_URL` and `MQTT_URL` with `AMQP_URL` name, else those that the
    /// service's own variables (`SPIN_VARIABLE_*`) in `settings` name, else private ones.
    pub(crate) fn find(settings: &BTreeMap<String, String>) -> Self {
        let source = |name: &str| {
            let url = env::var(name).ok();
            let url = url.or_else(|| settings.get(&format!("SPIN_VARIABLE_{name}")).cloned());
            url.filter(|url| !url.is_empty())
                .map_or(Source::Private, Source::Existing)
        };
        Self {
            database: source("DATABASE_URL"),
            redis: source("REDIS_URL"),
            rabbitmq: source("MQTT_URL"),
            amqp_url: amqp_url(settings).unwrap_or_default(),
        }
    }

    /// Those whose programs must be on this machine.
    pub(crate) fn private(&self) -> Vec<Program> {
        let all = [
            (Program::PostgreSql, &self.database),
            (Program::Redis, &self.redis),
            (Program::RabbitMq, &self.rabbitmq),
        ];
        let private = all
            .into_iter()
            .filter(|(_, source)| **source == Source::Private);
        private.map(|(server, _)| server).collect()
    }
}

/// `AMQP_URL` of the environment, else of `settings`.
pub(crate) fn amqp_url(settings: &BTreeMap<String, String>) -> Option<String> {
    let url = env::var("AMQP_URL").ok();
    url.or_else(|| settings.get("AMQP_URL").cloned())
        .filter(|url| !url.is_empty())
}

/// `DATABASE_URL`
///
/// # Errors
/// If it is not set; the text says what to do.
pub(crate) fn required_database_url() -> Result<String> {
    match env::var("DATABASE_URL") {
        Ok(url) => Ok(url),
        Err(_) => bail!(
            "DATABASE_URL is not set. Set it to postgres://user:password@host:port/name; or run \
             `cargo xtask up`, which starts and migrates a private database"
        ),
    }
}

/// The database that the environment or `.env` names, else that of the running `cargo xtask up` on `port`.
///
/// # Errors
/// If there is neither; the text says what to do.
pub(crate) fn database_url_of(port: u16) -> Result<String> {
    match Servers::find(&read_dotenv()?).database {
        Source::Existing(url) => Ok(url),
        Source::Private => running_database_url(port),
    }
}

/// Connects to the database at `url`.
///
/// # Errors
/// If it can't be reached; the text names its address, and no password.
pub(crate) async fn connect(url: &str) -> Result<PgConnection> {
    let connection = PgConnection::connect(&stack::plain_database_url(url)?).await;
    connection.with_context(|| {
        format!(
            "can't use PostgreSQL at {}",
            stack::database_address(url).unwrap_or_default()
        )
    })
}
