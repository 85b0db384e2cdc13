//! What the service builds on, asked at most once a second by each instance.

use std::sync::LazyLock;

use api::App;
use store::DatabaseError;
use store::redis::{RedisResult, Script};

use super::kept::Kept;

static VERSION: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("version.lua")));

/// A key for a script that needs none, since in a cluster a key says which server runs it.
const ANY_KEY: &str = "us:{health}";

/// What was found out last.
#[derive(Debug, Default)]
pub(crate) struct Probes {
    database: Kept<Option<DatabaseState>>,
    cache: Kept<Option<CacheState>>,
    replicas: Kept<Vec<bool>>,
}

/// What PostgreSQL says of itself.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DatabaseState {
    /// Its major version.
    pub(crate) version: u64,
    /// For how long the oldest event has waited for its delivery, in seconds.
    pub(crate) oldest_event_seconds: f64,
}

/// What Redis says of itself.
#[derive(Clone, Debug)]
pub(crate) struct CacheState {
    /// Its major version.
    pub(crate) version: String,
}

impl Probes {
    /// PostgreSQL's primary; nothing if it can't be used.
    pub(crate) async fn database(&self, app: &App) -> Option<DatabaseState> {
        let find = async { database(app).await.ok() };
        self.database.get_or(find).await
    }

    /// Redis; nothing if it can't be used.
    pub(crate) async fn cache(&self, app: &App) -> Option<CacheState> {
        self.cache.get_or(cache(app)).await
    }

    /// Whether each replica of PostgreSQL answers.
    pub(crate) async fn replicas(&self, app: &App) -> Vec<bool> {
        let replicas = app.database.replica_health();
        self.replicas.get_or(replicas).await
    }
}

async fn database(app: &App) -> Result<DatabaseState, DatabaseError> {
    // As one that may write: no replica stands in for the primary.
    let statement = app.database.statement(include_str!("probe.sql"));
    let row = statement.one().await?;
    Ok(DatabaseState {
        version: row.get("version")?,
        oldest_event_seconds: row.get("oldest_event_seconds")?,
    })
}

async fn cache(app: &App) -> Option<CacheState> {
    let keys = [ANY_KEY.to_owned()];
    let reply = app.redis.run(&VERSION, &keys, &[]).await.ok()?;
    match reply.as_slice() {
        [RedisResult::Binary(version)] => Some(CacheState {
            version: String::from_utf8_lossy(version).into_owned(),
        }),
        _ => None,
    }
}
