//! Many at once: what one statement or one script decides stays decided.

mod accounts;
mod erasure;
mod events;
mod messages;
mod users;

use e2e::{Parameters, Service, eventually};
use tokio_postgres::Client;

/// A transaction of the test's own, which requests wait for.
struct Holder {
    connection: Client,
    process: i32,
}

impl Holder {
    /// Begins one.
    async fn begin(service: &Service) -> Self {
        let connection = service.connection().await;
        connection
            .batch_execute("begin")
            .await
            .expect("a transaction");
        let process = "select pg_backend_pid()";
        let process = connection.query_one(process, &[]).await;
        let process = process.expect("PostgreSQL answers").get(0);
        Self {
            connection,
            process,
        }
    }

    /// Runs a statement in it.
    async fn run(&self, statement: &str, parameters: Parameters<'_>) {
        let run = self.connection.execute(statement, parameters).await;
        run.unwrap_or_else(|error| panic!("{statement}: {error:?}"));
    }

    /// Commits as soon as somebody waits for it.
    async fn commit_when_waited_for(self, service: &Service) {
        eventually("somebody waits for the transaction", async || {
            let waiting = "select exists (select from pg_stat_activity where $1 = any(pg_blocking_pids(pid)))";
            service.value(waiting, &[&self.process]).await
        })
        .await;
        let commit = self.connection.batch_execute("commit").await;
        commit.expect("it commits");
    }
}
