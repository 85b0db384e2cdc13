//! PostgreSQL: statements, their parameters, rows and errors.

mod error;
mod parameter;
mod retry;
mod row;
mod server;
mod statement;

use std::fmt;
use std::sync::Arc;

pub use error::DatabaseError;
pub use parameter::Parameter;
pub use row::{Column, Row};
pub use statement::{Freshness, Statement};

use retry::Budget;
use server::Server;
use telemetry::metrics::servers;

/// A PostgreSQL database: its primary, and replicas of it if there are any.
///
/// Connections come from the host's pool: one is opened for each statement and handed back with
/// its last row. There is no way to begin a transaction, since one that is left open by a trap
/// would be inherited by a stranger's request; a change is one statement.
#[derive(Clone)]
pub struct Database(Arc<Servers>);

struct Servers {
    primary: Server,
    replicas: Vec<Server>,
    budget: Budget,
    chance: fn() -> f64,
}

/// Without the URLs, which hold passwords.
impl fmt::Debug for Database {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Database").finish_non_exhaustive()
    }
}

impl Database {
    /// The database at `url`, a connection string of libpq's URL form, and its replicas at
    /// `replica_urls`. `chance` answers a random number from 0 to 1 each time.
    pub fn new(url: String, replica_urls: Vec<String>, chance: fn() -> f64) -> Self {
        let replicas = replica_urls.into_iter();
        Self(Arc::new(Servers {
            primary: Server::new(servers::POSTGRESQL, url),
            replicas: replicas
                .map(|url| Server::new(servers::POSTGRESQL_REPLICA, url))
                .collect(),
            budget: Budget::full(),
            chance,
        }))
    }

    /// Prepares to run `sql`, the text of one statement that may write.
    pub fn statement(&self, sql: &'static str) -> Statement<'_> {
        Statement::writing(&self.0, sql)
    }

    /// Prepares to run `sql`, the text of one statement that only reads: from a server that is as
    /// fresh as `freshness` says, or if there is none, from any that is there.
    pub fn read(&self, sql: &'static str, freshness: Freshness) -> Statement<'_> {
        Statement::reading(&self.0, sql, freshness)
    }

    /// Whether each replica answers, in the order of their URLs.
    pub async fn replica_health(&self) -> Vec<bool> {
        let mut health = Vec::with_capacity(self.0.replicas.len());
        for replica in &self.0.replicas {
            health.push(
                replica
                    .run("select 1", &[], statement::TIME_LIMIT)
                    .await
                    .is_ok(),
            );
        }
        health
    }
}
