//! The ignored file `.env` at the root: `SPIN_VARIABLE_*` lines that Spin reads by itself.

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context, Result};

use crate::folder::workspace_root;
use crate::secret;

/// What `.env` says; nothing if there is no such file.
///
/// # Errors
/// If it can't be read or is not in order; the text says where.
pub fn read_dotenv() -> Result<BTreeMap<String, String>> {
    let path = workspace_root().join(".env");
    if !path.exists() {
        return Ok(BTreeMap::new());
    }
    let entries = dotenvy::from_path_iter(&path).context("can't read .env")?;
    entries
        .collect::<Result<_, _>>()
        .context(".env is not in order")
}

/// Sets `entries` in `.env`, which only its owner may read. Other lines stay as they are.
///
/// # Errors
/// If it can't be read or written.
pub fn write_dotenv(entries: &[(&str, &str)]) -> Result<()> {
    let path = workspace_root().join(".env");
    let old = if path.exists() {
        fs::read_to_string(&path).context("can't read .env")?
    } else {
        "# Settings of this machine. Ignored by git; Spin and `cargo xtask up` read it.\n"
            .to_owned()
    };
    secret::write(&path, &with_entries(&old, entries))
}

fn with_entries(old: &str, entries: &[(&str, &str)]) -> String {
    let is_replaced = |line: &str| {
        let name = line.split('=').next().unwrap_or_default().trim();
        entries.iter().any(|(replaced, _)| *replaced == name)
    };
    let kept = old
        .lines()
        .filter(|line| !is_replaced(line))
        .map(str::to_owned);
    let new = entries
        .iter()
        .map(|(name, value)| format!("{name}={}", quoted(value)));
    kept.chain(new).map(|line| line + "\n").collect()
}

/// `value` as the parser reads it: what is between single quotes as it is, so one that has such a
/// quote in it needs double ones, between which some characters are marked.
fn quoted(value: &str) -> String {
    if !value.contains('\'') {
        return format!("'{value}'");
    }
    let marked: String = value
        .chars()
        .flat_map(|c| {
            let mark = ['\\', '"', '$'].contains(&c).then_some('\\');
            mark.into_iter().chain([c])
        })
        .collect();
    format!("\"{marked}\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_replaced_and_the_rest_stays() {
        let old = "# mine\nA=1\nSPIN_VARIABLE_JWT_SECRET=old\nB=2\n";
        let new = with_entries(old, &[("SPIN_VARIABLE_JWT_SECRET", "new $x"), ("C", "3")]);
        assert_eq!(
            new,
            "# mine\nA=1\nB=2\nSPIN_VARIABLE_JWT_SECRET='new $x'\nC='3'\n"
        );
        let read: BTreeMap<String, String> = dotenvy::from_read_iter(new.as_bytes())
            .map(Result::unwrap)
            .collect();
        assert_eq!(read["SPIN_VARIABLE_JWT_SECRET"], "new $x");
    }
    #[test]
    fn every_value_is_read_as_it_was_written() {
        for value in [
            "",
            "a b",
            "$x",
            "it's",
            r#"it's "$x" \n\"#,
            "' #",
            "postgres://u:p'w@h/d",
        ] {
            let written = with_entries("", &[("A", value)]);
            let read: Vec<_> = dotenvy::from_read_iter(written.as_bytes())
                .map(Result::unwrap)
                .collect();
            assert_eq!(read, [("A".to_owned(), value.to_owned())], "{written}");
        }
    }
}
