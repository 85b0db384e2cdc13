//! What can go wrong with a statement, as its callers need to tell it apart.

use spin_sdk::pg::{DbError, Error, PgError, QueryError};

/// A statement that did not do what it should.
#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    /// The database can't be reached, is overloaded, or did not answer in time. What was asked
    /// for may have happened all the same.
    #[error("PostgreSQL is not available: {0}")]
    Unavailable(String),

    /// The server ended the statement because it took too long; nothing was written.
    #[error("the statement took too long: {0}")]
    TooSlow(String),

    /// The statement would have broken a unique constraint; nothing was written.
    #[error("unique constraint {constraint} violated")]
    UniqueViolation {
        /// The constraint's name, as in the migrations.
        constraint: String,
    },

    /// The statement would have broken a rule that a trigger holds; nothing was written.
    #[error("rule {constraint} violated")]
    RuleViolation {
        /// The rule's name, as in the migrations.
        constraint: String,
    },

    /// The statement was rolled back for the sake of others running beside it (SQLSTATE 40001,
    /// 40P01), waited for them too long (55P03), or lost a race each time; it may be run again.
    #[error("given way to another transaction: {0}")]
    Conflict(String),

    /// The database refused the statement.
    #[error("PostgreSQL refused the statement ({sqlstate}): {message}")]
    Refused {
        /// The SQLSTATE.
        sqlstate: String,
        /// The server's message; it may quote values.
        message: String,
    },

    /// A row does not have the shape that the code expects.
    #[error("unexpected result: {0}")]
    Shape(String),

    /// Anything else the host reports.
    #[error("PostgreSQL interface: {0}")]
    Interface(String),
}

impl DatabaseError {
    /// True if the same may succeed a little later.
    pub fn is_temporary(&self) -> bool {
        matches!(
            self,
            Self::Unavailable(_) | Self::TooSlow(_) | Self::Conflict(_)
        )
    }

    /// True if this is a violation of the unique constraint, the unique index or the rule `name`.
    pub fn violates(&self, name: &str) -> bool {
        matches!(
            self,
            Self::UniqueViolation { constraint } | Self::RuleViolation { constraint }
                if constraint == name
        )
    }
}

impl From<Error> for DatabaseError {
    fn from(error: Error) -> Self {
        match error {
            Error::Decode(text) => Self::Shape(text),
            Error::PgError(PgError::ConnectionFailed(text)) => Self::Unavailable(text),
            Error::PgError(PgError::QueryFailed(QueryError::DbError(error))) => error.into(),
            Error::PgError(PgError::QueryFailed(QueryError::Text(text))) => {
                if is_lost_connection(&text) {
                    Self::Unavailable(text)
                } else {
                    Self::Interface(text)
                }
            }
            Error::PgError(error) => Self::Interface(error.to_string()),
        }
    }
}

impl From<DbError> for DatabaseError {
    fn from(error: DbError) -> Self {
        let sqlstate = error.code;
        match sqlstate.as_str() {
            "23505" => Self::UniqueViolation {
                constraint: constraint(error.extras),
            },
            "23000" => Self::RuleViolation {
                constraint: constraint(error.extras),
            },
            "40001" | "40P01" | "55P03" => Self::Conflict(sqlstate),
            "57014" => Self::TooSlow(error.message),
            // A standby, or a primary that has become one.
            "25006" => Self::Unavailable(format!("{} ({sqlstate})", error.message)),
            // Appendix A of PostgreSQL's manual: connection exceptions, lack of resources,
            // operator intervention (a shutdown).
            _ if sqlstate
                .get(..2)
                .is_some_and(|class| ["08", "53", "57"].contains(&class)) =>
            {
                Self::Unavailable(format!("{} ({sqlstate})", error.message))
            }
            _ => Self::Refused {
                sqlstate,
                message: error.message,
            },
        }
    }
}

/// The name of the constraint among what the server says besides.
fn constraint(extras: Vec<(String, String)>) -> String {
    extras
        .into_iter()
        .find_map(|(name, value)| (name == "constraint").then_some(value))
        .unwrap_or_default()
}

/// The host describes a connection that broke by the debug form of its driver's error.
fn is_lost_connection(text: &str) -> bool {
    [
        "kind: Closed",
        "kind: Io",
        "connection closed",
        "error communicating with the server",
    ]
    .iter()
    .any(|sign| text.contains(sign))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn database_error(code: &str, extras: &[(&str, &str)]) -> DatabaseError {
        DatabaseError::from(DbError {
            as_text: String::new(),
            severity: "ERROR".into(),
            code: code.into(),
            message: "message".into(),
            detail: None,
            extras: extras
                .iter()
                .map(|(k, v)| ((*k).into(), (*v).into()))
                .collect(),
        })
    }

    #[test]
    fn a_unique_violation_names_its_constraint() {
        let error = database_error(
            "23505",
            &[("table", "users"), ("constraint", "users_email_key")],
        );
        assert!(error.violates("users_email_key"));
        assert!(!error.violates("users_username_key"));
        let error = database_error("23000", &[("constraint", "user_roles_last_administrator")]);
        assert!(error.violates("user_roles_last_administrator"));
    }

    #[test]
    fn what_gave_way_to_others_may_be_run_again() {
        for code in ["40001", "40P01", "55P03"] {
            assert!(
                matches!(database_error(code, &[]), DatabaseError::Conflict(_)),
                "{code}"
            );
        }
    }

    #[test]
    fn a_server_that_can_not_serve_is_unavailable() {
        for code in ["08006", "25006", "53300", "57P01", "57P03"] {
            assert!(
                matches!(database_error(code, &[]), DatabaseError::Unavailable(_)),
                "{code}"
            );
        }
    }

    #[test]
    fn a_statement_that_took_too_long_says_nothing_of_its_server() {
        let error = database_error("57014", &[]);
        assert!(matches!(error, DatabaseError::TooSlow(_)) && error.is_temporary());
    }

    #[test]
    fn other_refusals_keep_their_sqlstate() {
        for code in ["22001", "42703", "5", ""] {
            assert!(
                matches!(database_error(code, &[]), DatabaseError::Refused { sqlstate, .. } if sqlstate == code)
            );
        }
    }

    #[test]
    fn a_lost_connection_is_told_from_a_mistake_of_ours() {
        let lost = PgError::QueryFailed(QueryError::Text(
            "Error { kind: Closed, cause: None }".into(),
        ));
        let ours = PgError::QueryFailed(QueryError::Text("error serializing parameter 0".into()));
        assert!(matches!(
            DatabaseError::from(Error::PgError(lost)),
            DatabaseError::Unavailable(_)
        ));
        assert!(matches!(
            DatabaseError::from(Error::PgError(ours)),
            DatabaseError::Interface(_)
        ));
    }
}
