//! The error codes as a table: the generated part of `docs/errors.md`.

use std::fmt::Write;

use domain::ErrorCode;

/// Each code with its status, its cause, and what a client should do, in Markdown.
pub fn table() -> String {
    let mut table =
        String::from("| status | code | when | what a client should do |\n|---|---|---|---|\n");
    for code in ErrorCode::ALL {
        // Writing to a string can't fail.
        let _ = writeln!(
            table,
            "| {} | `{code}` | {} | {} |",
            code.status(),
            code.cause(),
            code.advice()
        );
    }
    table
}
