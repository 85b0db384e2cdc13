//! What all requests share: the servers and the settings, from the environment.

use std::env;
use std::thread::available_parallelism;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result};
use argon2::{Algorithm, Argon2, Params, Version};
use deadpool_postgres::{Manager, ManagerConfig, Pool, RecyclingMethod};
use jwt_compact::alg::Hs256Key;
use redis::aio::MultiplexedConnection;
use tokio::sync::Semaphore;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Config, NoTls, Row};

/// As many connections as the service's pool has.
const POOL_SIZE: usize = 64;

/// The servers and the settings.
pub(crate) struct App {
    pool: Pool,
    pub(crate) redis: MultiplexedConnection,
    pub(crate) key: Hs256Key,
    pub(crate) argon2: Argon2<'static>,
    /// As many hashes at once as there are cores; each takes a core, and memory.
    pub(crate) cores: Semaphore,
}

impl App {
    /// Reads the Spin variables that the service has, their names in capitals.
    ///
    /// # Errors
    /// If one is missing, or Redis can't be reached.
    pub(crate) async fn open() -> Result<Self> {
        let config: Config = variable("DATABASE_URL")?.parse()?;
        let recycling = ManagerConfig {
            recycling_method: RecyclingMethod::Fast,
        };
        let manager = Manager::from_config(config, NoTls, recycling);
        let redis = redis::Client::open(variable("REDIS_URL")?)?;
        Ok(Self {
            pool: Pool::builder(manager).max_size(POOL_SIZE).build()?,
            redis: redis.get_multiplexed_async_connection().await?,
            key: Hs256Key::new(variable("JWT_SECRET")?),
            argon2: Argon2::new(Algorithm::Argon2id, Version::V0x13, argon2_parameters()?),
            cores: Semaphore::new(available_parallelism()?.get()),
        })
    }

    /// Runs a statement, which is prepared once a connection, and answers its only row.
    ///
    /// # Errors
    /// If it fails, or has another number of rows.
    pub(crate) async fn row(&self, sql: &str, parameters: &[&(dyn ToSql + Sync)]) -> Result<Row> {
        let connection = self.pool.get().await?;
        let statement = connection.prepare_cached(sql).await?;
        Ok(connection.query_one(&statement, parameters).await?)
    }
}

fn argon2_parameters() -> Result<Params> {
    let number = |name| anyhow::Ok(variable(name)?.parse::<u32>()?);
    let parameters = Params::new(
        number("ARGON2_MEMORY")?,
        number("ARGON2_ITERATIONS")?,
        number("ARGON2_PARALLELISM")?,
        None,
    );
    parameters.map_err(|error| anyhow::anyhow!("argon2: {error}"))
}

fn variable(name: &str) -> Result<String> {
    env::var(name).with_context(|| format!("{name} is not set"))
}

/// Seconds since 1970.
#[expect(
    clippy::disallowed_methods,
    reason = "this is the edge where the time is read"
)]
pub(crate) fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.as_ref().map_or(0, Duration::as_secs)
}

/// 16 random bytes.
///
/// # Errors
/// If the system has none.
pub(crate) fn random_bytes() -> Result<[u8; 16]> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}

/// A name that nothing else has.
///
/// # Errors
/// If the system has no random bytes.
pub(crate) fn unique_name() -> Result<String> {
    Ok(format!("{:032x}", u128::from_be_bytes(random_bytes()?)))
}
