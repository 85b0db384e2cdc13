//! `seed`: fills a database with users as they are after some time, to see how statements do on many.

use std::time::Instant;

use anyhow::{Context, Result};
use clap::Args;
use sqlx::postgres::PgQueryResult;
use sqlx::{Connection, PgConnection};

use crate::database::required_database_url;
use crate::progress::{say, step};

/// What belongs to the users, in the order of writing. Each statement adds what is not there yet.
const PARTS: [(&str, &str); 11] = [
    ("profiles", include_str!("seed/user_profiles.sql")),
    (
        "preferences",
        include_str!("seed/notification_preferences.sql"),
    ),
    ("push tokens", include_str!("seed/push_tokens.sql")),
    ("sessions", include_str!("seed/sessions.sql")),
    (
        "legacy refresh tokens",
        include_str!("seed/legacy_refresh_tokens.sql"),
    ),
    ("service account", include_str!("seed/service_account.sql")),
    ("delivery slots", include_str!("seed/delivery_slots.sql")),
    ("events", include_str!("seed/outbox.sql")),
    ("counts of attempts", include_str!("seed/rate_limits.sql")),
    ("roles", include_str!("seed/user_roles.sql")),
    ("acts", include_str!("seed/audit_log.sql")),
];

/// Options of `seed`.
#[derive(Args, Debug)]
pub(crate) struct Options {
    /// How many users to add
    #[arg(long, default_value_t = 100_000)]
    users: u32,
}

/// Adds users to the migrated database of `DATABASE_URL`.
pub(crate) fn run(options: &Options) -> Result<()> {
    let url = required_database_url()?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let url = stack::plain_database_url(&url)?;
        let mut connection = PgConnection::connect(&url)
            .await
            .context("can't use the database")?;
        add_users(&mut connection, options.users).await
    })
}

/// Adds `count` users, with all that belongs to them.
///
/// # Errors
/// If the database refuses; it must be migrated.
pub(crate) async fn add_users(connection: &mut PgConnection, count: u32) -> Result<()> {
    step(&format!("Adding {count} users"));
    let begun = Instant::now();
    let users = sqlx::query(include_str!("seed/users.sql"))
        .bind(i64::from(count))
        .execute(&mut *connection)
        .await;
    report("users", &users?, begun);
    for (name, statement) in PARTS {
        let begun = Instant::now();
        let added = sqlx::query(statement)
            .execute(&mut *connection)
            .await
            .with_context(|| format!("can't add {name}"))?;
        report(name, &added, begun);
    }
    sqlx::query("vacuum (analyze)")
        .execute(&mut *connection)
        .await?;
    Ok(())
}

fn report(name: &str, added: &PgQueryResult, begun: Instant) {
    say(&format!(
        "         {:>8} {name} in {:.1} s",
        added.rows_affected(),
        begun.elapsed().as_secs_f64()
    ));
}
