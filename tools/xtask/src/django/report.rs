//! What has become of which rows: a line for each that was not brought over as it was, and numbers.

use std::collections::{BTreeMap, HashSet};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::progress::print;

/// The numbers of one table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// Written for the first time.
    pub(crate) imported: u64,
    /// Written again, since the source has changed.
    pub(crate) updated: u64,
    /// As in the run before.
    pub(crate) unchanged: u64,
    /// As they are here, since they were changed here.
    pub(crate) kept: u64,
    /// Here without having been brought over.
    pub(crate) own: u64,
    /// Not brought over again, since they were removed here.
    pub(crate) erased: u64,
    /// Not brought over.
    pub(crate) refused: u64,
}

impl Tally {
    /// All that were looked at.
    pub(crate) fn total(self) -> u64 {
        self.here() + self.own + self.erased + self.refused
    }

    /// Those that were brought over, in this run or before, and are here.
    pub(crate) fn here(self) -> u64 {
        self.imported + self.updated + self.unchanged + self.kept
    }
}

/// A table's numbers, and which rows it has.
#[derive(Debug, Default)]
struct Seen {
    tally: Tally,
    ids: HashSet<String>,
    refused: HashSet<String>,
    /// Rows of which values were changed.
    changed: u64,
}

/// What becomes of a row, and why; it holds no hash and no token.
#[derive(Debug)]
pub(crate) struct Report {
    file: Option<BufWriter<File>>,
    tables: BTreeMap<&'static str, Seen>,
}

impl Report {
    /// Begins a report, in a file if one is named.
    ///
    /// # Errors
    /// If the file can't be written.
    pub(crate) fn open(file: Option<&Path>) -> Result<Self> {
        let open = |path: &Path| {
            let file = File::create(path);
            let file = file.with_context(|| format!("can't write {}", path.display()))?;
            anyhow::Ok(BufWriter::new(file))
        };
        Ok(Self {
            file: file.map(open).transpose()?,
            tables: BTreeMap::new(),
        })
    }

    /// Row `id` of `table` was read.
    pub(crate) fn read(&mut self, table: &'static str, id: &str) {
        self.table(table).ids.insert(id.to_owned());
    }

    /// How many rows of `table` were read.
    pub(crate) fn number_read(&self, table: &str) -> usize {
        self.tables.get(table).map_or(0, |table| table.ids.len())
    }

    /// Whether row `id` of `table` was read.
    pub(crate) fn has_read(&self, table: &str, id: &str) -> bool {
        let table = self.tables.get(table);
        table.is_some_and(|table| table.ids.contains(id))
    }

    /// Whether row `id` of `table` was refused.
    pub(crate) fn has_refused(&self, table: &str, id: &str) -> bool {
        let table = self.tables.get(table);
        table.is_some_and(|table| table.refused.contains(id))
    }

    /// The numbers of `table`.
    pub(crate) fn tally(&self, table: &str) -> Tally {
        self.tables
            .get(table)
            .map(|table| table.tally)
            .unwrap_or_default()
    }

    /// How many rows were refused.
    pub(crate) fn refused(&self) -> u64 {
        self.tables.values().map(|table| table.tally.refused).sum()
    }

    /// The numbers of all tables, as a JSON object.
    pub(crate) fn summary(&self) -> Value {
        let mut summary = json!({});
        for (name, table) in &self.tables {
            let Tally {
                imported,
                updated,
                unchanged,
                refused,
                ..
            } = table.tally;
            summary[*name] = json!({
                "imported": imported,
                "updated": updated,
                "unchanged": unchanged,
                "kept": table.tally.kept + table.tally.own + table.tally.erased,
                "refused": refused,
                "changed": table.changed,
            });
        }
        summary
    }

    /// A value of a row is brought over as another one.
    pub(crate) fn change(&mut self, table: &'static str, id: &str, field: &str, reason: &str) {
        self.table(table).changed += 1;
        self.line("changed", table, id, Some(field), reason);
    }

    /// Something about a row is worth knowing.
    pub(crate) fn note(&mut self, table: &'static str, id: &str, field: &str, reason: &str) {
        self.line("noted", table, id, Some(field), reason);
    }

    /// A row is not brought over.
    pub(crate) fn refuse(
        &mut self,
        table: &'static str,
        id: &str,
        field: Option<&str>,
        reason: &str,
    ) {
        let seen = self.table(table);
        seen.tally.refused += 1;
        seen.refused.insert(id.to_owned());
        self.line("refused", table, id, field, reason);
    }

    /// A row that was brought over is not in the source any more.
    pub(crate) fn miss(&mut self, table: &'static str, id: &str) {
        let reason = "It was removed from the source since. It is still here.";
        self.line("kept", table, id, None, reason);
    }

    /// What the statement says that has become of a row.
    ///
    /// # Errors
    /// If that is no verdict.
    pub(crate) fn judge(&mut self, table: &'static str, id: &str, verdict: &str) -> Result<()> {
        let tally = &mut self.table(table).tally;
        let (counter, reason) = match verdict {
            "imported" => (&mut tally.imported, None),
            "updated" => (&mut tally.updated, None),
            "unchanged" => (&mut tally.unchanged, None),
            "changed_here" => (
                &mut tally.kept,
                Some("It was changed in the source and here, and stays as it is here."),
            ),
            "of_this_service" => (
                &mut tally.own,
                Some("It is here without having been brought over, and stays as it is here."),
            ),
            "erased_here" => (
                &mut tally.erased,
                Some("It was removed here since, and does not come back."),
            ),
            "ended_here" => (
                &mut tally.imported,
                Some(
                    "Its user has changed something here before it was known: it is good for nothing.",
                ),
            ),
            "without_user" => {
                self.refuse(table, id, Some("user_id"), "Its user is not here.");
                return Ok(());
            }
            other => bail!("{table}: {other} is no verdict"),
        };
        *counter += 1;
        if let Some(reason) = reason {
            self.line("kept", table, id, None, reason);
        }
        Ok(())
    }

    /// Writes what is not written yet.
    ///
    /// # Errors
    /// If the file can't be written.
    pub(crate) fn flush(&mut self) -> Result<()> {
        let flush = self.file.as_mut().map_or(Ok(()), BufWriter::flush);
        flush.context("can't write the report")
    }

    fn table(&mut self, name: &'static str) -> &mut Seen {
        self.tables.entry(name).or_default()
    }

    fn line(&mut self, action: &str, table: &str, id: &str, field: Option<&str>, reason: &str) {
        if let Some(file) = &mut self.file {
            let line = json!({
                "action": action, "table": table, "id": id, "field": field, "reason": reason,
            });
            // What can't be written now can't be at the end: `flush` tells.
            let _ = writeln!(file, "{line}");
        } else {
            let field = field.map(|field| format!(" {field}:")).unwrap_or_default();
            print(&format!("{action:<8} {table} {id}{field} {reason}"));
        }
    }
}
