//! What the import wants to know of the old service's database besides its rows.

use std::collections::HashMap;

use anyhow::{Result, bail};
use sqlx::AssertSqlSafe;

use crate::django::Reader;

/// The old service's table of refresh tokens, of `rest_framework_simplejwt.token_blacklist`.
const OUTSTANDING: &str = "token_blacklist_outstandingtoken";

const TABLES: [&str; 4] = [
    "users",
    "user_profiles",
    "notification_preferences",
    "push_tokens",
];

/// Users whose e-mail address or user name others have, too, but for letter case: by identifier, which field it
/// is, and who they are.
pub(super) type Collisions = HashMap<String, (String, Vec<String>)>;

/// Makes sure that it is a database of the old service.
///
/// # Errors
/// If it is another one.
pub(super) async fn ensure(source: &mut Reader) -> Result<()> {
    for table in TABLES {
        if !has_table(source, table).await? {
            bail!("the source has no table {table}: it is no database of the old service");
        }
    }
    if has_table(source, "imported_rows").await? {
        bail!("the source is a database of this service; name the old one's");
    }
    Ok(())
}

/// Whether it keeps refresh tokens.
pub(super) async fn has_refresh_tokens(source: &mut Reader) -> Result<bool> {
    has_table(source, OUTSTANDING).await
}

async fn has_table(source: &mut Reader, table: &str) -> Result<bool> {
    let has_table = sqlx::query_scalar("select to_regclass($1) is not null")
        .bind(table)
        .fetch_one(&mut source.connection)
        .await?;
    Ok(has_table)
}

/// Who can't be told from others ignoring letter case.
pub(super) async fn collisions(source: &mut Reader) -> Result<Collisions> {
    let groups: Vec<(String, Vec<String>)> = sqlx::query_as(include_str!("collisions.sql"))
        .fetch_all(&mut source.connection)
        .await?;
    let mut collisions = Collisions::new();
    for (field, ids) in groups {
        for id in &ids {
            let others = ids.iter().filter(|other| *other != id).cloned().collect();
            collisions.insert(id.clone(), (field.clone(), others));
        }
    }
    Ok(collisions)
}

/// How many rows `table` has that `condition` holds for. Both are ours.
pub(super) async fn count(source: &mut Reader, table: &str, condition: &str) -> Result<u64> {
    let query = format!("select count(*) from {table} where {condition}");
    let number: i64 = sqlx::query_scalar(AssertSqlSafe(query))
        .fetch_one(&mut source.connection)
        .await?;
    Ok(number.unsigned_abs())
}
