//! `migrate`: brings a database up to date.

use anyhow::Result;

use crate::database::required_database_url;
use crate::progress::{say, step};

/// Migrates the database of `DATABASE_URL`.
pub(crate) fn run() -> Result<()> {
    let url = required_database_url()?;
    step(&format!(
        "Migrating the database at {}",
        stack::database_address(&url)?
    ));
    stack::migrate(&url)?;
    say("The database is up to date.");
    Ok(())
}
