//! `sql`: every query is prepared on a freshly migrated database, which is our compile-time check.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, SqlSafeStr};
use stack::{Source, Stack, workspace_root};

use crate::packages;
use crate::progress::{say, step};

/// Prepares every SQL file on a private database of its own.
pub(crate) fn run() -> Result<()> {
    packages::ensure_programs(&[packages::Program::PostgreSql])?;
    let stack = Stack::builder()
        .redis(Source::Existing(String::new()))
        .progress(step)
        .start()?;
    check(stack.database_url())
}

/// Prepares every SQL file of the components, the crates and these tasks on the migrated database at `url`.
///
/// # Errors
/// If one can't be prepared; the text names all that fail.
pub(crate) fn check(url: &str) -> Result<()> {
    step("Preparing every SQL file");
    let files = files(&["components", "crates", "tools/xtask/src"])?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let failures = runtime.block_on(prepare_all(url, &files))?;
    if !failures.is_empty() {
        bail!(
            "{} of {} SQL files fail:\n{}",
            failures.len(),
            files.len(),
            failures.join("\n")
        );
    }
    say(&format!("         {} SQL files are in order.", files.len()));
    Ok(())
}

/// The SQL files in these folders of the workspace.
pub(crate) fn files(folders: &[&str]) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for folder in folders {
        find_sql(&workspace_root().join(folder), &mut files)?;
    }
    Ok(files)
}

async fn prepare_all(url: &str, files: &[PathBuf]) -> Result<Vec<String>> {
    let mut connection = PgConnection::connect(url)
        .await
        .context("can't use the database")?;
    let mut failures = Vec::new();
    for file in files {
        let text = fs::read_to_string(file).context("can't read a SQL file")?;
        if let Err(error) = connection.prepare(AssertSqlSafe(text).into_sql_str()).await {
            let name = file.strip_prefix(workspace_root()).unwrap_or(file);
            failures.push(format!("  {}: {error}", name.display()));
        }
    }
    Ok(failures)
}

fn find_sql(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    let entries = folder
        .read_dir()
        .with_context(|| format!("can't read {}", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            find_sql(&path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "sql") {
            files.push(path);
        }
    }
    files.sort();
    Ok(())
}
