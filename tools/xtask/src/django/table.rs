//! The way of one table's rows: read in the order of their identifiers, checked, and written in batches.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use anyhow::Result;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::reader::ReadRow;
use super::{Reader, Report, Writer};
use crate::progress::say;

/// A table, or several whose rows are carried over as one.
pub(crate) trait Table {
    /// Its name in reports.
    const NAME: &'static str;
    /// What its rows are called.
    const ROWS: &'static str;
    /// Reads the next rows: `$1` the last identifier, as text, `$2` how many at most; answers `id` and `content`,
    /// both as text.
    const READ: &'static str;
    /// What comes before the first identifier.
    const FIRST: &'static str;
    /// Writes rows: `$1` a JSON array of objects, each with its `id` and the SHA-256 of its content as `digest`;
    /// answers `id` and `verdict` of those that could be written.
    const WRITE: &'static str;
    /// Why a row could not be written, if the statement does not say.
    const TAKEN: &'static str;

    /// What `READ` is given besides, from `$3` on.
    fn read_parameters(&self) -> Vec<String> {
        Vec::new()
    }

    /// What `WRITE` is given besides, from `$2` on.
    fn write_parameters(&self) -> Vec<String> {
        Vec::new()
    }

    /// The row to write, an object; nothing if it is refused, which is reported.
    ///
    /// # Errors
    /// If the table has another shape than is expected.
    fn checked(&self, id: &str, content: &str, report: &mut Report) -> Result<Option<Value>>;
}

/// Carries all rows of a table over, `batch` of them at once.
///
/// # Errors
/// If one of the databases can't be used.
pub(crate) async fn carry_over<T: Table>(
    table: &T,
    reader: &mut Reader,
    writer: &mut Writer,
    batch: i64,
    report: &mut Report,
) -> Result<()> {
    let mut last = T::FIRST.to_owned();
    loop {
        let rows = reader.rows(table, &last, batch).await?;
        let Some(ReadRow { id, .. }) = rows.last() else {
            return Ok(());
        };
        last.clone_from(id);
        let mut checked = Vec::with_capacity(rows.len());
        for ReadRow { id, content } in &rows {
            report.read(T::NAME, id);
            if let Some(mut row) = table.checked(id, content, report)? {
                row["id"] = id.as_str().into();
                row["digest"] = hex(&Sha256::digest(content)).into();
                checked.push(row);
            }
        }
        write(table, writer, checked, report).await?;
        let number = report.number_read(T::NAME);
        say(&format!("         {number:>8} {}", T::ROWS));
    }
}

async fn write<T: Table>(
    table: &T,
    writer: &mut Writer,
    rows: Vec<Value>,
    report: &mut Report,
) -> Result<()> {
    let mut unanswered: BTreeSet<String> = rows
        .iter()
        .filter_map(|row| row["id"].as_str().map(str::to_owned))
        .collect();
    let written = writer.write(table, rows).await?;
    for (id, verdict) in written.verdicts {
        unanswered.remove(&id);
        report.judge(T::NAME, &id, &verdict)?;
    }
    for (id, problem) in written.problems {
        unanswered.remove(&id);
        report.refuse(T::NAME, &id, None, &problem);
    }
    for id in unanswered {
        report.refuse(T::NAME, &id, None, T::TAKEN);
    }
    Ok(())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}
