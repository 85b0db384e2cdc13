//! The database that rows are written to.

use anyhow::{Context, Result};
use serde_json::Value;
use sqlx::error::DatabaseError;
use sqlx::{Connection, Executor, PgConnection};

use super::Table;

/// A database that is being filled.
#[derive(Debug)]
pub(crate) struct Writer {
    pub(crate) connection: PgConnection,
    is_dry_run: bool,
}

/// What has become of the rows that were to be written.
#[derive(Debug, Default)]
pub(super) struct Written {
    /// What the statement says of them, by identifier.
    pub(super) verdicts: Vec<(String, String)>,
    /// Why PostgreSQL refused them, by identifier.
    pub(super) problems: Vec<(String, String)>,
}

impl Writer {
    /// Connects. A dry run is a transaction that is rolled back: it finds what the true run finds.
    ///
    /// # Errors
    /// If it can't be reached.
    pub(crate) async fn open(url: &str, is_dry_run: bool) -> Result<Self> {
        let mut connection = PgConnection::connect(url)
            .await
            .context("can't use the database to write to")?;
        // Compiling a plan for each batch takes longer than running it.
        connection.execute("set jit = off").await?;
        if is_dry_run {
            // The other database is read between two statements.
            connection
                .execute("set idle_in_transaction_session_timeout = 0")
                .await?;
            connection.execute("begin").await?;
        }
        Ok(Self {
            connection,
            is_dry_run,
        })
    }

    /// Writes rows with one statement. If PostgreSQL refuses one of them, the others are written without it.
    pub(super) async fn write<T: Table>(&mut self, table: &T, rows: Vec<Value>) -> Result<Written> {
        let mut written = Written::default();
        let mut waiting = vec![rows];
        while let Some(mut rows) = waiting.pop() {
            if rows.is_empty() {
                continue;
            }
            match self.try_write(table, &rows).await {
                Ok(verdicts) => written.verdicts.extend(verdicts),
                Err(error) => {
                    let problem = problem_of_rows(error)?;
                    if let [row] = rows.as_slice() {
                        let id = row["id"].as_str().unwrap_or_default();
                        written.problems.push((id.to_owned(), problem));
                    } else {
                        let half = rows.split_off(rows.len() / 2);
                        waiting.extend([half, rows]);
                    }
                }
            }
        }
        Ok(written)
    }

    async fn try_write<T: Table>(
        &mut self,
        table: &T,
        rows: &[Value],
    ) -> Result<Vec<(String, String)>, sqlx::Error> {
        if self.is_dry_run {
            self.connection.execute("savepoint batch").await?;
        }
        let mut statement = sqlx::query_as(T::WRITE).bind(Value::from(rows).to_string());
        for parameter in table.write_parameters() {
            statement = statement.bind(parameter);
        }
        let answer = statement.fetch_all(&mut self.connection).await;
        if self.is_dry_run {
            let end = match answer {
                Ok(_) => "release savepoint batch",
                Err(_) => "rollback to savepoint batch",
            };
            self.connection.execute(end).await?;
        }
        answer
    }

    /// Ends the run: a dry one leaves nothing.
    ///
    /// # Errors
    /// If the database can't be used.
    pub(crate) async fn finish(mut self) -> Result<()> {
        if self.is_dry_run {
            self.connection.execute("rollback").await?;
        }
        Ok(self.connection.close().await?)
    }
}

/// What is wrong with the rows that a statement was given.
///
/// # Errors
/// Whatever else was wrong.
fn problem_of_rows(error: sqlx::Error) -> Result<String> {
    let code = error.as_database_error().and_then(DatabaseError::code);
    // Data exceptions and violated constraints (PostgreSQL, appendix A).
    let is_of_rows = code.is_some_and(|code| code.starts_with("22") || code.starts_with("23"));
    match error {
        sqlx::Error::Database(error) if is_of_rows => Ok(error.message().to_owned()),
        error => Err(error).context("can't write"),
    }
}
