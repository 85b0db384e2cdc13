//! Prepares databases: creates what is missing and runs the migrations.

use std::str::FromStr;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, anyhow};
use sqlx::migrate::{MigrateDatabase, Migrator};
use sqlx::postgres::{PgConnectOptions, PgConnection, Postgres};
use sqlx::{AssertSqlSafe, Connection, Executor};

use crate::folder::workspace_root;
use crate::variables;

/// Two runs exclude each other by this advisory lock ("user-service", shortened).
const LOCK: i64 = 0x7573_6572_2d73_7276;
/// How long a migration waits for a lock that the running service holds.
const LOCK_TIMEOUT: &str = "5s";
/// SQLSTATE of a database that does not exist.
const NO_SUCH_DATABASE: &str = "3D000";

/// Brings the database at `database_url` up to date with `migrations/`; creates it if there is none.
///
/// # Errors
/// If the server can't be reached, or a migration fails or differs from what was run.
pub fn migrate(database_url: &str) -> Result<()> {
    run(async || {
        let mut connection = connect_or_create(database_url).await?;
        lock(&mut connection).await?;
        let mut migrator = Migrator::new(workspace_root().join("migrations")).await?;
        // Its own lock makes others wait inside a statement, and `create index concurrently` waits
        // for every statement that is older than itself.
        migrator.set_locking(false);
        migrator
            .run(&mut connection)
            .await
            .context("a migration failed")?;
        connection.close().await.context("the connection broke")
    })
}

/// Makes the role `name` with `password`, and a database of the same name that it owns, where they
/// are missing.
pub(crate) fn prepare_database(administrator_url: &str, name: &str, password: &str) -> Result<()> {
    run(async || {
        let mut connection = connect(administrator_url).await?;
        let exists = "select exists (select from pg_roles where rolname = $1)";
        let has_role: bool = sqlx::query_scalar(exists)
            .bind(name)
            .fetch_one(&mut connection)
            .await?;
        if !has_role {
            let create = format!("create role {name} login password '{password}'");
            connection.execute(AssertSqlSafe(create)).await?;
        }
        // A second net below "no BEGIN": a transaction that is left open ends by itself.
        let bound = format!("alter role {name} set idle_in_transaction_session_timeout = '3s'");
        connection.execute(AssertSqlSafe(bound)).await?;
        let exists = "select exists (select from pg_database where datname = $1)";
        let has_database: bool = sqlx::query_scalar(exists)
            .bind(name)
            .fetch_one(&mut connection)
            .await?;
        if !has_database {
            let create = format!("create database {name} owner {name}");
            connection.execute(AssertSqlSafe(create)).await?;
        }
        connection.close().await.context("the connection broke")
    })
}

async fn connect(url: &str) -> Result<PgConnection> {
    let options = options(url)?;
    PgConnection::connect_with(&options)
        .await
        .with_context(|| unreachable_text(url))
}

async fn connect_or_create(url: &str) -> Result<PgConnection> {
    match PgConnection::connect_with(&options(url)?).await {
        Err(error) if has_code(&error, NO_SUCH_DATABASE) => {
            let created = Postgres::create_database(url).await;
            // Somebody else may have been first, which PostgreSQL reports in several ways.
            match (connect(url).await, created) {
                (Err(_), Err(error)) => {
                    Err(error).context("the database is missing and can't be created")
                }
                (connection, _) => connection,
            }
        }
        connection => connection.with_context(|| unreachable_text(url)),
    }
}

fn options(url: &str) -> Result<PgConnectOptions> {
    let options = PgConnectOptions::from_str(&variables::plain_database_url(url)?)
        .map_err(|error| anyhow!("the database URL is wrong: {error}"))?;
    Ok(options.options([("lock_timeout", LOCK_TIMEOUT)]))
}

fn unreachable_text(url: &str) -> String {
    let address = variables::database_address(url).unwrap_or_default();
    format!(
        "can't use PostgreSQL at {address}. Start it or correct DATABASE_URL; without DATABASE_URL \
         `cargo xtask up` starts a private one"
    )
}

fn has_code(error: &sqlx::Error, code: &str) -> bool {
    let error = error
        .as_database_error()
        .and_then(|error| error.code().map(String::from));
    error.as_deref() == Some(code)
}

/// Takes the lock for as long as `connection` lives. It asks again and again instead of waiting, so
/// that no statement of ours is open meanwhile.
async fn lock(connection: &mut PgConnection) -> Result<()> {
    const LOOK_AGAIN: Duration = Duration::from_millis(200);
    let take = "select pg_try_advisory_lock($1)";
    while !sqlx::query_scalar::<_, bool>(take)
        .bind(LOCK)
        .fetch_one(&mut *connection)
        .await?
    {
        thread::sleep(LOOK_AGAIN);
    }
    Ok(())
}

/// Runs `task` to its end on a thread of its own, so that callers may be asynchronous themselves.
fn run<T: Send>(task: impl AsyncFnOnce() -> Result<T> + Send) -> Result<T> {
    thread::scope(|scope| {
        let thread = scope.spawn(|| {
            tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .context("can't start an asynchronous runtime")?
                .block_on(task())
        });
        thread
            .join()
            .map_err(|_| anyhow!("the database task panicked"))?
    })
}
