//! What was brought over and is not here any more: it goes there, too.

use anyhow::Result;
use sqlx::{AssertSqlSafe, PgConnection};

use crate::django::{Reader, Writer, imported};

/// The tables of Django that refer to its users, each with the column that does: ours, and those of its own
/// applications.
const REFERRING: &str = "select conrelid::regclass::text, quote_ident(attname)
    from pg_constraint
    join pg_attribute on attrelid = conrelid and attnum = conkey[1]
    where contype = 'f' and confrelid = 'users'::regclass";

/// What refers to their refresh tokens.
const BLACKLISTED: &str = "delete from token_blacklist_blacklistedtoken where token_id in (
        select id from token_blacklist_outstandingtoken where user_id = any($1::text[]::uuid[])
    )";

/// How many were removed.
#[derive(Debug)]
pub(super) struct Removed {
    pub(super) users: u64,
    pub(super) push_tokens: u64,
}

/// Removes it; what is not there any more either is passed over.
pub(super) async fn remove(source: &mut Reader, target: &mut Writer) -> Result<Removed> {
    let users = gone(source, "users").await?;
    let push_tokens = gone(source, "push_tokens").await?;
    let target = &mut target.connection;
    let push_tokens = delete(target, "push_tokens", "id", &push_tokens).await?;
    let referring: Vec<(String, String)> =
        sqlx::query_as(REFERRING).fetch_all(&mut *target).await?;
    if referring
        .iter()
        .any(|(table, _)| table == "token_blacklist_outstandingtoken")
    {
        sqlx::query(BLACKLISTED)
            .bind(&users)
            .execute(&mut *target)
            .await?;
    }
    for (table, column) in referring {
        delete(target, &table, &column, &users).await?;
    }
    let users = delete(target, "users", "id", &users).await?;
    Ok(Removed { users, push_tokens })
}

async fn gone(source: &mut Reader, table: &str) -> Result<Vec<String>> {
    let imported = imported(&mut source.connection, table).await?;
    let gone = imported.into_iter().filter(|(_, is_here)| !is_here);
    Ok(gone.map(|(id, _)| id).collect())
}

/// Deletes rows; the names are from PostgreSQL's catalogue, which quotes them.
async fn delete(
    target: &mut PgConnection,
    table: &str,
    column: &str,
    ids: &[String],
) -> Result<u64> {
    let statement = format!("delete from {table} where {column} = any($1::text[]::uuid[])");
    let deleted = sqlx::query(AssertSqlSafe(statement))
        .bind(ids)
        .execute(target)
        .await?;
    Ok(deleted.rows_affected())
}
