//! Runs the cases against the server that a profile describes, and prints a table.

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::Parser;
use refresh_races::{ALL, Profile, Row, run, table};

/// Runs known bugs of refresh token rotation against a server with login and refresh.
#[derive(Debug, Parser)]
struct Arguments {
    /// The file that says how the server is spoken to
    #[arg(long, value_name = "FILE", required_unless_present = "list")]
    profile: Option<PathBuf>,
    /// Where the server is, if not where the profile says
    #[arg(long)]
    url: Option<String>,
    /// Only the cases whose names contain this
    #[arg(long, value_name = "CASE", default_value = "")]
    only: String,
    /// Write the rows to this file, too
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Say which cases there are
    #[arg(long)]
    list: bool,
}

fn main() -> ExitCode {
    match report(&Arguments::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn report(arguments: &Arguments) -> Result<bool> {
    let Some(file) = arguments.profile.as_ref().filter(|_| !arguments.list) else {
        for case in ALL {
            println!("{}: {}", case.name, case.about);
        }
        return Ok(true);
    };
    let text =
        fs::read_to_string(file).with_context(|| format!("can't read {}", file.display()))?;
    let mut profile = Profile::parse(&text)?;
    if let Some(url) = &arguments.url {
        profile.url.clone_from(url);
    }
    let rows = run(profile, &arguments.only).await?;
    print!("{}", table(&rows));
    if let Some(file) = &arguments.json {
        let json = serde_json::to_string_pretty(&rows).context("can't render the rows")?;
        fs::write(file, json).with_context(|| format!("can't write {}", file.display()))?;
    }
    Ok(rows.iter().all(Row::has_passed))
}
