//! What `imported_rows` says.

use anyhow::Result;
use sqlx::PgConnection;

/// The rows of a table, `users` or `push_tokens`, that were carried over, and whether they are still here.
///
/// # Errors
/// If the database of this service can't be used.
pub(crate) async fn imported(
    connection: &mut PgConnection,
    table: &str,
) -> Result<Vec<(String, bool)>> {
    let imported = sqlx::query_as(include_str!("imported.sql"))
        .bind(table)
        .fetch_all(connection)
        .await?;
    Ok(imported)
}
