//! Running one statement: bounded in time, and repeated where a conflict with others asks for it.

use std::fmt;
use std::sync::Arc;

use spin_sdk::pg::{Connection, ParameterValue};

use super::{Database, DatabaseError, Parameter, Row, TIME_LIMIT};
use crate::time_limit::within;

/// How often a statement is run before a conflict with others becomes an error.
const ATTEMPTS: u32 = 5;

/// A statement and its parameters.
#[must_use = "a statement does nothing until it is run"]
pub struct Statement<'a> {
    database: &'a Database,
    sql: &'static str,
    parameters: Vec<ParameterValue>,
    repeat_on: &'static [&'static str],
}

/// Without the parameters, which hold password hashes.
impl fmt::Debug for Statement<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Statement")
            .field("sql", &self.sql)
            .finish_non_exhaustive()
    }
}

impl<'a> Statement<'a> {
    pub(super) fn new(database: &'a Database, sql: &'static str) -> Self {
        Self {
            database,
            sql,
            parameters: Vec::new(),
            repeat_on: &[],
        }
    }

    /// Binds the next parameter: `$1` first.
    pub fn bind(mut self, value: impl Parameter) -> Self {
        self.parameters.push(value.into_value());
        self
    }

    /// Runs the statement again if it loses a race for one of these unique constraints. It was
    /// rolled back, so that is safe; it must then see what has won and do something else.
    pub fn repeat_on(mut self, constraints: &'static [&'static str]) -> Self {
        self.repeat_on = constraints;
        self
    }

    /// Runs the statement and answers its only row.
    ///
    /// # Errors
    /// [`DatabaseError`]; [`DatabaseError::Shape`] if there is not exactly one row.
    pub async fn one(self) -> Result<Row, DatabaseError> {
        self.optional()
            .await?
            .ok_or_else(|| DatabaseError::Shape("no row".into()))
    }

    /// Runs the statement and answers its row, if there is one.
    ///
    /// # Errors
    /// [`DatabaseError`]; [`DatabaseError::Shape`] if there is more than one row.
    pub async fn optional(self) -> Result<Option<Row>, DatabaseError> {
        let mut rows = self.many().await?;
        let row = rows.pop();
        if rows.is_empty() {
            Ok(row)
        } else {
            Err(DatabaseError::Shape("more than one row".into()))
        }
    }

    /// Runs the statement and answers all its rows.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn many(self) -> Result<Vec<Row>, DatabaseError> {
        let attempts = async {
            let mut attempt = 1;
            loop {
                match self.run().await {
                    Err(error) if self.may_be_repeated(&error) => {
                        if attempt == ATTEMPTS {
                            return Err(DatabaseError::Conflict(error.to_string()));
                        }
                        attempt += 1;
                    }
                    answer => return answer,
                }
            }
        };
        within(TIME_LIMIT, attempts).await.unwrap_or_else(|| {
            Err(DatabaseError::Unavailable(format!(
                "no answer within {TIME_LIMIT:?}"
            )))
        })
    }

    async fn run(&self) -> Result<Vec<Row>, DatabaseError> {
        #[expect(
            clippy::disallowed_methods,
            reason = "this is the one place that opens it"
        )]
        let connection = Connection::open(self.database.url.as_str()).await?;
        let result = connection.query(self.sql, self.parameters.clone()).await?;
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

    fn may_be_repeated(&self, error: &DatabaseError) -> bool {
        match error {
            DatabaseError::Conflict(_) => true,
            DatabaseError::UniqueViolation { constraint } => {
                self.repeat_on.contains(&constraint.as_str())
            }
            _ => false,
        }
    }
}
