//! The last step: how many rows there are on both sides, and whether that fits.

use anyhow::{Result, bail};
use sqlx::AssertSqlSafe;

use super::accounts::Accounts;
use super::push_tokens::PushTokens;
use super::refresh_tokens::{RefreshTokens, UNEXPIRED};
use super::source;
use crate::django::{Reader, Report, Table, Writer, imported};
use crate::progress::say;

/// Our rows of users who were brought over.
const USERS: &str =
    "users join imported_rows on source_table = 'users' and imported_rows.id = users.id";
const PROFILES: &str = "user_profiles
    join imported_rows on source_table = 'users' and imported_rows.id = user_profiles.user_id";
const PREFERENCES: &str = "notification_preferences as preferences
    join imported_rows on source_table = 'users' and imported_rows.id = preferences.user_id";

/// Counts, says what there is, and reports what is not in the source any more.
///
/// # Errors
/// If a row is missing somewhere.
pub(super) async fn check(
    source: &mut Reader,
    target: &mut Writer,
    report: &mut Report,
) -> Result<()> {
    let mut wrong = Vec::new();
    for table in [Accounts::NAME, PushTokens::NAME] {
        let in_source = source::count(source, table, "true").await?;
        // Besides those that were brought over: gone from the source, or as an earlier run has left them.
        let (mut here, mut gone, mut outdated) = (0, 0, 0);
        for (id, is_here) in imported(&mut target.connection, table).await? {
            here += u64::from(is_here);
            if is_here && !report.has_read(table, &id) {
                gone += 1;
                report.miss(table, &id);
            }
            outdated += u64::from(is_here && report.has_refused(table, &id));
        }
        say_line(report, table, in_source, here, gone);
        let tally = report.tally(table);
        if in_source != tally.total() || here != tally.here() + gone + outdated {
            wrong.push(table);
        }
    }
    let users = count(target, USERS).await?;
    for (table, ours) in [
        ("user_profiles", PROFILES),
        ("notification_preferences", PREFERENCES),
    ] {
        let in_source = source::count(source, table, "true").await?;
        let here = count(target, ours).await?;
        say(&format!(
            "         {table}: {in_source} in the source; {here} here, one a user"
        ));
        if here != users {
            wrong.push(table);
        }
    }
    if source::has_refresh_tokens(source).await? {
        let table = RefreshTokens::NAME;
        let in_source = source::count(source, table, UNEXPIRED).await?;
        let here = count(target, "legacy_refresh_tokens").await?;
        let tally = report.tally(table);
        say_line(
            report,
            table,
            in_source,
            here,
            here.saturating_sub(tally.here()),
        );
        if in_source != tally.total() || here < tally.here() {
            wrong.push(table);
        }
    }
    if !wrong.is_empty() {
        bail!("the numbers of {} don't fit", wrong.join(", "));
    }
    Ok(())
}

/// How many rows there are `from` there, which is ours.
async fn count(target: &mut Writer, from: &str) -> Result<u64> {
    let query = format!("select count(*) from {from}");
    let number: i64 = sqlx::query_scalar(AssertSqlSafe(query))
        .fetch_one(&mut target.connection)
        .await?;
    Ok(number.unsigned_abs())
}

fn say_line(report: &Report, table: &str, in_source: u64, here: u64, gone: u64) {
    let tally = report.tally(table);
    say(&format!(
        "         {table}: {in_source} in the source = {} brought over ({} new, {} changed there, {} as \
         before, {} changed here) + {} kept + {} refused; {here} here, {gone} of them gone from the source",
        tally.here(),
        tally.imported,
        tally.updated,
        tally.unchanged,
        tally.kept,
        tally.own + tally.erased,
        tally.refused,
    ));
}
