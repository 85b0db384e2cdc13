//! Running one statement: on the right server, and again where that is safe and helps.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use spin_sdk::pg::ParameterValue;
use spin_sdk::time::sleep;
use telemetry::{Level, LogLine, trace};

use super::server::{Failed, Server, Step};
use super::{DatabaseError, Parameter, Row, Servers, retry};

/// How long an attempt may take, connecting included.
pub(super) const TIME_LIMIT: Duration = Duration::from_millis(1_500);

/// How long it may take if another server can be asked after it.
const TIME_LIMIT_BEFORE_ANOTHER: Duration = Duration::from_millis(500);

/// How often a statement is tried before a conflict with others becomes an error.
const MOST_CONFLICTS: u32 = 5;

/// How often it is tried if the server can't be reached.
const MOST_FAILURES: u32 = 3;

/// What a read must have seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Freshness {
    /// All that was written before.
    Newest,
    /// Its user as of this version or a later one: the statement answers one row, whose column
    /// `version` says so.
    AtLeast(u64),
    /// What was written until a moment ago.
    Recent,
}

/// A statement and its parameters.
#[must_use = "a statement does nothing until it is run"]
pub struct Statement<'a> {
    servers: &'a Servers,
    sql: &'static str,
    parameters: Vec<ParameterValue>,
    repeat_on: &'static [&'static str],
    /// Of one that only reads.
    freshness: Option<Freshness>,
    /// How long an attempt may take.
    limit: Duration,
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
    pub(super) fn writing(servers: &'a Servers, sql: &'static str) -> Self {
        Self {
            servers,
            sql,
            parameters: Vec::new(),
            repeat_on: &[],
            freshness: None,
            limit: TIME_LIMIT,
        }
    }

    pub(super) fn reading(servers: &'a Servers, sql: &'static str, freshness: Freshness) -> Self {
        Self {
            freshness: Some(freshness),
            ..Self::writing(servers, sql)
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

    /// Gives an attempt no longer than `limit`.
    pub fn limited_to(mut self, limit: Duration) -> Self {
        self.limit = self.limit.min(limit);
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
        let answer = match self.freshness {
            None | Some(Freshness::Newest) => self.on_primary().await,
            Some(Freshness::AtLeast(_) | Freshness::Recent) => match self.on_replicas().await {
                Ok(rows) if self.is_fresh(&rows) => return Ok(rows),
                _ => self.on_primary().await,
            },
        };
        match answer {
            // Without its primary, or while that is slow, old news are better than none.
            Err(DatabaseError::Unavailable(text)) if self.freshness.is_some() => {
                let replicas = self.on_replicas().await;
                let rows = replicas.map_err(|_| DatabaseError::Unavailable(text))?;
                Ok(rows.into_iter().map(Row::of_stand_in).collect())
            }
            answer => answer,
        }
    }

    /// Whether what a replica answers has seen enough. No row proves nothing: it may be on its way.
    fn is_fresh(&self, rows: &[Row]) -> bool {
        match (self.freshness, rows) {
            (_, []) | (None | Some(Freshness::Newest), _) => false,
            (Some(Freshness::Recent), _) => true,
            (Some(Freshness::AtLeast(wanted)), rows) => rows.iter().all(|row| {
                row.get::<u64>("version")
                    .is_ok_and(|version| version >= wanted)
            }),
        }
    }

    /// Asks one replica after the other, beginning with any of them.
    async fn on_replicas(&self) -> Result<Vec<Row>, DatabaseError> {
        let replicas = &self.servers.replicas;
        let first = index((self.servers.chance)(), replicas.len());
        let (after, before) = replicas.split_at(first);
        for replica in before.iter().chain(after) {
            if let Ok(rows) = self.once(replica, TIME_LIMIT_BEFORE_ANOTHER).await {
                return Ok(rows);
            }
        }
        Err(DatabaseError::Unavailable("no replica answers".into()))
    }

    /// Asks the primary, again and again where that is safe.
    async fn on_primary(&self) -> Result<Vec<Row>, DatabaseError> {
        let has_another = self.freshness.is_some() && !self.servers.replicas.is_empty();
        let limit = if has_another {
            self.limit.min(TIME_LIMIT_BEFORE_ANOTHER)
        } else {
            self.limit
        };
        let mut attempt = 0;
        loop {
            let Failed { error, step } = match self.once(&self.servers.primary, limit).await {
                Ok(rows) => return Ok(rows),
                Err(failed) => failed,
            };
            attempt += 1;
            match &error {
                _ if self.is_lost_race(&error) => {
                    if attempt == MOST_CONFLICTS {
                        return Err(DatabaseError::Conflict(error.to_string()));
                    }
                }
                DatabaseError::Unavailable(_) => {
                    let is_safe = match step {
                        Step::Asking | Step::Waiting => false,
                        Step::Connecting => true,
                        Step::Running => self.freshness.is_some(),
                    };
                    if !is_safe || attempt >= MOST_FAILURES || !self.servers.budget.take() {
                        return Err(error);
                    }
                }
                _ => return Err(error),
            }
            LogLine::new(Level::Debug, "a statement is run again")
                .with("attempt", attempt + 1)
                .with("error", error.to_string())
                .write();
            sleep(retry::backoff(attempt - 1, (self.servers.chance)())).await;
        }
    }

    async fn once(&self, server: &Server, limit: Duration) -> Result<Vec<Row>, Failed> {
        let answer = server.run(&self.text(), &self.parameters, limit).await;
        if answer.is_ok() {
            self.servers.budget.earn();
        }
        answer
    }

    /// Its text. One that may write names the trace that it is a part of, in the manner of sqlcommenter:
    /// the events that it writes carry that on.
    fn text(&self) -> Cow<'static, str> {
        match trace::current() {
            Some(trace) if self.freshness.is_none() => Cow::Owned(format!(
                "{}\n/*traceparent='{}'*/",
                self.sql, trace.traceparent
            )),
            _ => Cow::Borrowed(self.sql),
        }
    }

    /// Whether it was rolled back for the sake of others beside it.
    fn is_lost_race(&self, error: &DatabaseError) -> bool {
        match error {
            DatabaseError::Conflict(_) => true,
            DatabaseError::UniqueViolation { constraint } => {
                self.repeat_on.contains(&constraint.as_str())
            }
            _ => false,
        }
    }
}

/// Which of `count` things `chance`, a number from 0 to 1, stands for.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "a few things, and a number from 0 to 1"
)]
fn index(chance: f64, count: usize) -> usize {
    ((chance * count as f64) as usize).min(count.saturating_sub(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chance_picks_each_alike() {
        assert_eq!(
            [0.0, 0.4, 0.6, 0.99, 1.0].map(|chance| index(chance, 2)),
            [0, 0, 1, 1, 1]
        );
        assert_eq!(index(0.5, 0), 0);
    }
}
