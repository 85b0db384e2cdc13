//! The table of faults.

use std::fmt::Write as _;
use std::time::Duration;

use serde::Serialize;

use crate::ledger::Counts;

/// What clients saw of one fault.
#[derive(Debug, Serialize)]
pub(crate) struct Row {
    fault: String,
    done: u64,
    unavailable: u64,
    unexpected: Vec<String>,
    slowest_ms: u128,
    recovery_ms: u128,
    lost: Vec<String>,
    revoked_accepted: Vec<String>,
}

impl Row {
    pub(crate) fn new(fault: String, counts: &Counts, recovery: Duration) -> Self {
        let unexpected = counts.unexpected.iter();
        Self {
            fault,
            done: counts.done,
            unavailable: counts.unavailable,
            unexpected: unexpected
                .map(|(answer, count)| format!("{count} x {answer}"))
                .collect(),
            slowest_ms: counts.slowest.as_millis(),
            recovery_ms: recovery.as_millis(),
            lost: counts.lost.clone(),
            revoked_accepted: counts.revoked_accepted.clone(),
        }
    }

    /// Whether nothing was seen that must not be.
    pub(crate) fn keeps_promises(&self) -> bool {
        self.done > 0
            && self.unexpected.is_empty()
            && self.lost.is_empty()
            && self.revoked_accepted.is_empty()
    }
}

/// The row as a line of the table.
pub(crate) fn line(row: &Row) -> String {
    format!(
        "| {} | {} | {} | {} | {} | {} | {} | {} |",
        row.fault,
        row.done,
        row.unavailable,
        row.unexpected.len(),
        row.slowest_ms,
        row.recovery_ms,
        row.lost.len(),
        row.revoked_accepted.len()
    )
}

/// The table, in Markdown, and below it whatever must not be.
pub(crate) fn table(rows: &[Row]) -> String {
    let mut table = String::from(
        "\n| fault | done | 503 | unexpected | slowest ms | recovery ms | lost | revoked accepted |\n\
         |---|---|---|---|---|---|---|---|\n",
    );
    for row in rows {
        let _ = writeln!(table, "{}", line(row));
    }
    for row in rows {
        let broken = [&row.unexpected, &row.lost, &row.revoked_accepted];
        for text in broken.into_iter().flatten() {
            let _ = writeln!(table, "{}: {text}", row.fault);
        }
    }
    table
}
