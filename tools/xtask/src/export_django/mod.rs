//! `export-django`: gives the old service what was changed here, so that there is a way back to it.

mod accounts;
mod push_tokens;
mod removed;

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use clap::Args;
use sqlx::{Connection, PgConnection};

use self::accounts::Accounts;
use self::push_tokens::PushTokens;
use crate::database::required_database_url;
use crate::django::{Reader, Report, Table, Writer, carry_over, database_url};
use crate::progress::{say, step};

/// How many rows are written at once.
const BATCH: i64 = 2_000;

/// Options of `export-django`.
#[derive(Args, Debug)]
pub(crate) struct Options {
    /// The old service's database: `postgres://user:password@host:port/name`; without this
    /// `DJANGO_DATABASE_URL` names it, which keeps the password out of the list of processes
    #[arg(long)]
    to: Option<String>,
    /// Since when: when the last import began, as `2026-11-30T21:00:00Z`
    #[arg(long)]
    since: String,
    /// Do all of it and take it back
    #[arg(long)]
    dry_run: bool,
    /// Where to write which rows were refused, one JSON document a line; by default they are printed
    #[arg(long)]
    report: Option<PathBuf>,
}

/// Writes what was changed in the database of `DATABASE_URL` into the tables of the old service, and removes
/// there what was removed here. It can be run again.
///
/// # Errors
/// If a database can't be used, or rows are refused.
pub(crate) fn run(options: &Options) -> Result<()> {
    let from = stack::plain_database_url(&required_database_url()?)?;
    let to = database_url(options.to.as_deref(), "--to")?;
    let mut report = Report::open(options.report.as_deref())?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let done = runtime.block_on(export(&from, &to, options, &mut report));
    report.flush()?;
    done?;
    if options.dry_run {
        say("Nothing was changed: this was a dry run.");
    }
    if report.refused() > 0 {
        bail!("{} rows were refused", report.refused());
    }
    Ok(())
}

async fn export(from: &str, to: &str, options: &Options, report: &mut Report) -> Result<()> {
    let mut source = Reader::open(from).await?;
    let until: String = sqlx::query_scalar("select now()::text")
        .fetch_one(&mut source.connection)
        .await?;
    let mut target = Writer::open(to, options.dry_run).await?;
    let since = options.since.as_str();

    // First, since what is gone here may have been made anew with the same address.
    step("Removing what was removed here");
    let removed = removed::remove(&mut source, &mut target).await?;
    say(&format!(
        "         {} users and {} push tokens",
        removed.users, removed.push_tokens
    ));
    step("Giving back users, profiles and preferences");
    let accounts = Accounts::since(since);
    carry_over(&accounts, &mut source, &mut target, BATCH, report).await?;
    step("Giving back push tokens");
    let push_tokens = PushTokens::since(since);
    carry_over(&push_tokens, &mut source, &mut target, BATCH, report).await?;
    if !options.dry_run {
        mark(from, since, &until).await?;
    }
    target.finish().await?;
    for table in [Accounts::NAME, PushTokens::NAME] {
        let tally = report.tally(table);
        say(&format!(
            "         {table}: {} new, {} changed, {} refused",
            tally.imported, tally.updated, tally.refused
        ));
    }
    Ok(())
}

async fn mark(url: &str, since: &str, until: &str) -> Result<()> {
    let mut connection = PgConnection::connect(url).await?;
    sqlx::query(include_str!("mark.sql"))
        .bind(since)
        .bind(until)
        .execute(&mut connection)
        .await
        .context("can't note what was given back")?;
    Ok(connection.close().await?)
}
