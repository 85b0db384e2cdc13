//! What Redis could not be told of: PostgreSQL keeps it until somebody finds Redis working again.

use std::time::Duration;

use domain::UserId;

use super::change::Entry;
use crate::{Database, DatabaseError};

/// How much is told at once, in a request that waits for it.
const MOST: u64 = 50;

/// How long a request that only wants to read from Redis waits for it.
const PATIENCE: Duration = Duration::from_millis(300);

/// Changes of one user that were not told.
#[derive(Debug)]
pub(super) struct Untold {
    pub(super) id: String,
    pub(super) entries: Vec<Entry>,
}

/// The oldest of them.
#[derive(Debug)]
pub(super) struct Oldest {
    pub(super) untold: Vec<Untold>,
    /// Whether there are no others.
    pub(super) are_all: bool,
}

/// Notes `entries` of `user`, which Redis has not taken; answers the note's identifier.
///
/// # Errors
/// [`DatabaseError`]
pub(super) async fn note(
    database: &Database,
    user: UserId,
    entries: &[Entry],
) -> Result<String, DatabaseError> {
    let row = database
        .statement(include_str!("note.sql"))
        .bind(user)
        .bind(text(entries)?)
        .one()
        .await?;
    row.get("id")
}

/// The oldest changes that were not told. No replica is asked, which may not have seen the last of them.
///
/// # Errors
/// [`DatabaseError`]
pub(super) async fn oldest(database: &Database) -> Result<Oldest, DatabaseError> {
    let rows = database
        .statement(include_str!("oldest.sql"))
        .bind(MOST)
        .limited_to(PATIENCE)
        .many()
        .await?;
    let are_all = (rows.len() as u64) < MOST;
    let untold = rows
        .iter()
        .map(|row| {
            Ok(Untold {
                id: row.get("id")?,
                entries: parse(&row.get::<String>("entries")?)?,
            })
        })
        .collect::<Result<_, DatabaseError>>()?;
    Ok(Oldest { untold, are_all })
}

/// Removes the notes of these identifiers.
///
/// # Errors
/// [`DatabaseError`]: they may be told once more, which harms nothing.
pub(super) async fn forget(database: &Database, ids: Vec<String>) -> Result<(), DatabaseError> {
    if ids.is_empty() {
        return Ok(());
    }
    database
        .statement(include_str!("forget.sql"))
        .bind(ids)
        .many()
        .await
        .map(drop)
}

fn text(entries: &[Entry]) -> Result<String, DatabaseError> {
    serde_json::to_string(entries).map_err(|error| not_entries(&error))
}

fn parse(text: &str) -> Result<Vec<Entry>, DatabaseError> {
    serde_json::from_str(text).map_err(|error| not_entries(&error))
}

fn not_entries(error: &serde_json::Error) -> DatabaseError {
    DatabaseError::Shape(format!("changes that were not told: {error}"))
}
