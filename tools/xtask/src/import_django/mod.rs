//! `import-django`: brings over what the service that this one replaces knows of its users.

mod accounts;
mod counts;
mod password;
mod push_tokens;
mod refresh_tokens;
mod source;
mod text;

use std::path::PathBuf;

use anyhow::{Result, bail};
use clap::Args;

use self::accounts::Accounts;
use self::push_tokens::PushTokens;
use self::refresh_tokens::RefreshTokens;
use crate::database::required_database_url;
use crate::django::{Reader, Report, Writer, carry_over, database_url};
use crate::operator::operator;
use crate::progress::{say, step};

/// Options of `import-django`.
#[derive(Args, Debug)]
pub(crate) struct Options {
    /// The old service's database: `postgres://user:password@host:port/name`; without this
    /// `DJANGO_DATABASE_URL` names it, which keeps the password out of the list of processes
    #[arg(long)]
    from: Option<String>,
    /// Do all of it and take it back: tells which rows would be changed or refused, and why
    #[arg(long)]
    dry_run: bool,
    /// Where to write these rows, one JSON document a line; by default they are printed
    #[arg(long)]
    report: Option<PathBuf>,
    /// How many rows are written at once
    #[arg(long, default_value_t = 2_000, value_parser = clap::value_parser!(u32).range(1..=50_000))]
    batch: u32,
}

/// Fills the migrated database of `DATABASE_URL`. Run again it goes on where it was broken off, and brings over
/// what was changed in the source since.
///
/// # Errors
/// If a database can't be used, if the numbers of rows don't fit, or if a dry run finds rows to refuse.
pub(crate) fn run(options: &Options) -> Result<()> {
    let from = database_url(options.from.as_deref(), "--from")?;
    let to = stack::plain_database_url(&required_database_url()?)?;
    let mut report = Report::open(options.report.as_deref())?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let done = runtime.block_on(import(&from, &to, options, &mut report));
    report.flush()?;
    done?;
    if options.dry_run {
        say("Nothing was changed: this was a dry run.");
        if report.refused() > 0 {
            bail!(
                "{} rows would be refused; mend them in the source, or do without them",
                report.refused()
            );
        }
    }
    Ok(())
}

async fn import(from: &str, to: &str, options: &Options, report: &mut Report) -> Result<()> {
    let mut source = Reader::open(from).await?;
    source::ensure(&mut source).await?;
    let mut target = Writer::open(to, options.dry_run).await?;
    let batch = i64::from(options.batch);

    step("Comparing e-mail addresses and user names");
    let accounts = Accounts::new(source::collisions(&mut source).await?);
    step("Bringing over users, profiles and preferences");
    carry_over(&accounts, &mut source, &mut target, batch, report).await?;
    step("Bringing over push tokens");
    carry_over(&PushTokens, &mut source, &mut target, batch, report).await?;
    if source::has_refresh_tokens(&mut source).await? {
        step("Bringing over refresh tokens");
        carry_over(&RefreshTokens, &mut source, &mut target, batch, report).await?;
    } else {
        say("The source has no table of refresh tokens: its users will have to sign in again.");
    }
    sqlx::query(include_str!("audit.sql"))
        .bind(operator())
        .bind(report.summary().to_string())
        .execute(&mut target.connection)
        .await?;

    step("Counting both sides");
    counts::check(&mut source, &mut target, report).await?;
    target.finish().await
}
