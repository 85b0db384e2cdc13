//! PostgreSQL: statements, their parameters, rows and errors.

mod error;
mod parameter;
mod row;
mod statement;

use std::fmt;
use std::time::Duration;

pub use error::DatabaseError;
pub use parameter::Parameter;
pub use row::{Column, Row};
pub use statement::Statement;

/// How long a statement may take, connecting included.
const TIME_LIMIT: Duration = Duration::from_millis(1_500);

/// A PostgreSQL database.
///
/// Connections come from the host's pool: one is opened for each statement and handed back with
/// its last row. There is no way to begin a transaction, since one that is left open by a trap
/// would be inherited by a stranger's request; a change is one statement.
#[derive(Clone)]
pub struct Database {
    url: String,
}

/// Without the URL, which holds a password.
impl fmt::Debug for Database {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Database").finish_non_exhaustive()
    }
}

impl Database {
    /// The database at `url`, a connection string of libpq's URL form.
    pub fn new(url: String) -> Self {
        Self { url }
    }

    /// Prepares to run `sql`, the text of one statement.
    pub fn statement(&self, sql: &'static str) -> Statement<'_> {
        Statement::new(self, sql)
    }
}
