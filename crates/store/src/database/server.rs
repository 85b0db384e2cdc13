//! One PostgreSQL server, and one attempt to run a statement on it.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use spin_sdk::pg::{Connection, ParameterValue};
use telemetry::Dependency;
use telemetry::metrics::POSTGRES_CONNECTION_OPEN;
use telemetry::tally::note_round_trip;

use super::{DatabaseError, Row};
use crate::breaker::Breaker;
use crate::time_limit::{may_wait, within};

/// So many attempts in a row that fail, and the server is left alone.
const THRESHOLD: u32 = 3;

/// A server.
pub(super) struct Server {
    url: String,
    breaker: Breaker,
}

/// An attempt without result.
pub(super) struct Failed {
    pub(super) error: DatabaseError,
    pub(super) step: Step,
}

/// How far an attempt has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// None was made: the server is left alone, or the request has waited too long already.
    Asking,
    /// There was no connection, so the statement was certainly not run.
    Connecting,
    /// It was sent, and may have been run.
    Running,
    /// There was no answer in time: it may have been run, and another attempt would take as long.
    Waiting,
}

impl Server {
    pub(super) fn new(name: &'static str, url: String) -> Self {
        Self {
            url,
            breaker: Breaker::new(name, THRESHOLD),
        }
    }

    /// Runs `sql` once, for `limit` at most, unless the server is left alone.
    pub(super) async fn run(
        &self,
        sql: &str,
        parameters: &[ParameterValue],
        limit: Duration,
    ) -> Result<Vec<Row>, Failed> {
        if !may_wait() {
            return Err(Failed::unasked("the request has waited too long"));
        }
        if !self.breaker.allows(Instant::now()) {
            return Err(Failed::unasked("it failed a moment ago"));
        }
        let is_connected = AtomicBool::new(false);
        let begun = Instant::now();
        let answer = within(limit, self.exchange(sql, parameters, &is_connected)).await;
        note_round_trip(Dependency::Postgres, begun.elapsed());
        let step = match (&answer, is_connected.into_inner()) {
            (None, _) => Step::Waiting,
            (Some(_), true) => Step::Running,
            (Some(_), false) => Step::Connecting,
        };
        let answer = answer.unwrap_or_else(|| {
            let text = format!("no answer in time, {limit:?} at most");
            Err(DatabaseError::Unavailable(text))
        });
        match &answer {
            Err(error @ DatabaseError::Unavailable(_)) => {
                self.breaker.failed(Instant::now(), error);
            }
            _ => self.breaker.succeeded(),
        }
        answer.map_err(|error| Failed { error, step })
    }

    async fn exchange(
        &self,
        sql: &str,
        parameters: &[ParameterValue],
        is_connected: &AtomicBool,
    ) -> Result<Vec<Row>, DatabaseError> {
        let begun = Instant::now();
        #[expect(
            clippy::disallowed_methods,
            reason = "this is the one place that opens it"
        )]
        let connection = Connection::open(self.url.as_str()).await?;
        is_connected.store(true, Ordering::Relaxed);
        POSTGRES_CONNECTION_OPEN.observe(&[self.breaker.name()], begun.elapsed());
        let result = connection.query(sql, parameters.to_vec()).await?;
        let columns: Arc<[String]> = result
            .columns()
            .iter()
            .map(|column| column.name.clone())
            .collect();
        let (_, mut stream, completed) = result.into_inner();
        let mut rows = Vec::new();
        while let Some(values) = stream.next().await {
            rows.push(Row::new(columns.clone(), values));
        }
        completed.await.map_err(spin_sdk::pg::Error::PgError)?;
        Ok(rows)
    }
}

impl Failed {
    fn unasked(reason: &str) -> Self {
        Self {
            error: DatabaseError::Unavailable(reason.to_owned()),
            step: Step::Asking,
        }
    }
}

/// Without the URL, which holds a password.
impl fmt::Debug for Server {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Server")
            .field("breaker", &self.breaker)
            .finish_non_exhaustive()
    }
}
