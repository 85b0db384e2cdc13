//! The table of what was found.

use std::fmt::Write as _;

use anyhow::Result;
use serde::Serialize;

use crate::cases::{Case, Verdict};

/// What was found of one case.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// The case.
    pub case: &'static str,
    /// `passed`, `failed`, `skipped` or `error`.
    pub outcome: &'static str,
    /// Why.
    pub explanation: String,
}

impl Row {
    pub(crate) fn new(case: &Case, verdict: Result<Verdict>) -> Self {
        let (outcome, explanation) = match verdict {
            Ok(Verdict::Passed) => ("passed", String::new()),
            Ok(Verdict::Failed(bug)) => ("failed", bug),
            Ok(Verdict::Skipped(reason)) => ("skipped", reason.to_owned()),
            Err(error) => ("error", format!("{error:#}")),
        };
        Self {
            case: case.name,
            outcome,
            explanation,
        }
    }

    /// Whether the server does not have the bug, as far as this shows.
    pub fn has_passed(&self) -> bool {
        ["passed", "skipped"].contains(&self.outcome)
    }
}

/// The table, in Markdown.
pub fn table(rows: &[Row]) -> String {
    let mut table = String::from("| case | outcome | why |\n|---|---|---|\n");
    for row in rows {
        let _ = writeln!(
            table,
            "| {} | {} | {} |",
            row.case, row.outcome, row.explanation
        );
    }
    table
}
