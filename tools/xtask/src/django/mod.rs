//! What `import-django` and `export-django` share: rows of one database on their way into another one.

mod imported;
mod reader;
mod report;
mod table;
mod writer;

use std::env;

use anyhow::{Context, Result};

pub(crate) use self::imported::imported;
pub(crate) use self::reader::Reader;
pub(crate) use self::report::Report;
pub(crate) use self::table::{Table, carry_over};
pub(crate) use self::writer::Writer;

/// The identifier before the first.
pub(crate) const NIL: &str = "00000000-0000-0000-0000-000000000000";

/// The database of the old service: the one that the command line names, else that of `DJANGO_DATABASE_URL`.
///
/// # Errors
/// If neither names one.
pub(crate) fn database_url(argument: Option<&str>, option: &str) -> Result<String> {
    match argument {
        Some(url) => Ok(url.to_owned()),
        None => env::var("DJANGO_DATABASE_URL").with_context(|| {
            format!("name the old service's database with {option} or DJANGO_DATABASE_URL")
        }),
    }
}
