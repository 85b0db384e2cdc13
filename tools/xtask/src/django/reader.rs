//! The database that rows are read from, in one snapshot: it may go on being used meanwhile.

use anyhow::{Context, Result};
use sqlx::postgres::PgRow;
use sqlx::{Connection, Executor, PgConnection, Row};

use super::Table;

/// A snapshot of a database.
#[derive(Debug)]
pub(crate) struct Reader {
    pub(crate) connection: PgConnection,
}

/// A row as it is there.
#[derive(Debug)]
pub(super) struct ReadRow {
    pub(super) id: String,
    /// Its columns, as a JSON object.
    pub(super) content: String,
}

impl Reader {
    /// Connects and begins a snapshot that changes nothing.
    ///
    /// # Errors
    /// If it can't be reached.
    pub(crate) async fn open(url: &str) -> Result<Self> {
        let mut connection = PgConnection::connect(url)
            .await
            .context("can't use the database to read from")?;
        // What was read is written between two statements.
        connection
            .execute("set idle_in_transaction_session_timeout = 0")
            .await?;
        let begin = "begin isolation level repeatable read read only";
        connection.execute(begin).await?;
        Ok(Self { connection })
    }

    /// The next rows of a table, at most so many.
    pub(super) async fn rows<T: Table>(
        &mut self,
        table: &T,
        last: &str,
        most: i64,
    ) -> Result<Vec<ReadRow>> {
        let mut query = sqlx::query(T::READ).bind(last.to_owned()).bind(most);
        for parameter in table.read_parameters() {
            query = query.bind(parameter);
        }
        let rows = query
            .fetch_all(&mut self.connection)
            .await
            .with_context(|| format!("can't read {}", T::ROWS))?;
        let row = |row: PgRow| {
            anyhow::Ok(ReadRow {
                id: row.try_get("id")?,
                content: row.try_get("content")?,
            })
        };
        rows.into_iter().map(row).collect()
    }
}
