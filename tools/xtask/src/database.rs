//! Where the servers come from: the environment, `.env`, or private ones.

use std::collections::BTreeMap;
use std::env;

use anyhow::{Result, bail};
use stack::Source;

/// The servers to use.
pub(crate) struct Servers {
    /// PostgreSQL
    pub(crate) database: Source,
    /// Redis
    pub(crate) redis: Source,
}

impl Servers {
    /// Those that `DATABASE_URL` and `REDIS_URL` name, else those that the service's own variables
    /// in `settings` name, else private ones.
    pub(crate) fn find(settings: &BTreeMap<String, String>) -> Self {
        let source = |name: &str| {
            let url = env::var(name).ok().or_else(|| {
                let variable = format!("SPIN_VARIABLE_{name}");
                env::var(&variable)
                    .ok()
                    .or_else(|| settings.get(&variable).cloned())
            });
            url.filter(|url| !url.is_empty())
                .map_or(Source::Private, Source::Existing)
        };
        Self {
            database: source("DATABASE_URL"),
            redis: source("REDIS_URL"),
        }
    }
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
