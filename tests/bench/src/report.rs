//! The result for a reader: an aligned table, and what follows from it.

use std::fmt::Write;

use crate::argon2id::{ITERATIONS, MEMORY_KIB, PARALLELISM};
use crate::row::{ARGON2ID, CACHED_PREFERENCES, HELLO, LOGIN_ALONE, LOGIN_UNHASHED, Row, Subject};

const HEAD: [&str; 7] = [
    "work",
    "subject",
    "connections",
    "requests/s",
    "p50 ms",
    "p99 ms",
    "errors",
];

/// Columns of words stand to the left, those of numbers to the right.
const WORDS: usize = 2;

/// The table, the ratios within it, and how the component's hash was obtained.
pub(crate) fn report(rows: &[Row]) -> String {
    let mut text = table(rows);
    text.push('\n');
    text.extend(ratios(rows));
    // Writing to a string can't fail.
    let _ = write!(
        text,
        "\n{ARGON2ID}: m={MEMORY_KIB} KiB, t={ITERATIONS}, p={PARALLELISM}. \
         native: the argon2 crate in one thread.\n\
         ours: \"{LOGIN_ALONE}\" less the p50 (for requests/s: less the mean) of\n\
         \"{LOGIN_UNHASHED}\" (m=8 KiB, t=1): all of a login but its hash.\n"
    );
    text
}

fn table(rows: &[Row]) -> String {
    let lines: Vec<_> = std::iter::once(HEAD.map(str::to_owned))
        .chain(rows.iter().map(cells))
        .collect();
    let mut widths = [0; HEAD.len()];
    for line in &lines {
        for (width, cell) in widths.iter_mut().zip(line) {
            *width = cell.len().max(*width);
        }
    }
    let mut text = String::new();
    for line in &lines {
        for (column, (cell, width)) in line.iter().zip(widths).enumerate() {
            let gap = if column == 0 { "" } else { "  " };
            let _ = if column < WORDS {
                write!(text, "{gap}{cell:<width$}")
            } else {
                write!(text, "{gap}{cell:>width$}")
            };
        }
        text.push('\n');
    }
    text
}

fn cells(row: &Row) -> [String; HEAD.len()] {
    [
        row.work.to_owned(),
        row.subject.name().to_owned(),
        row.connections.to_string(),
        format!("{:.1}", row.requests_per_second),
        format!("{:.2}", row.p50_ms),
        format!("{:.2}", row.p99_ms),
        row.errors.to_string(),
    ]
}

/// What the rows say of each other; nothing of what could not be measured.
fn ratios(rows: &[Row]) -> Vec<String> {
    let row = |work, subject| {
        rows.iter()
            .find(|row| row.work == work && row.subject == subject)
    };
    let of_hello = row(CACHED_PREFERENCES, Subject::Ours)
        .zip(row(HELLO, Subject::Hello))
        .and_then(|(ours, hello)| ratio(ours.requests_per_second, hello.requests_per_second))
        .map(|ratio| format!("{CACHED_PREFERENCES} / {HELLO}, requests/s: {ratio:.2}\n"));
    let of_native = row(ARGON2ID, Subject::Ours)
        .zip(row(ARGON2ID, Subject::Native))
        .and_then(|(ours, native)| ratio(ours.p50_ms, native.p50_ms))
        .map(|ratio| format!("{ARGON2ID} in the component / native, p50: {ratio:.2}\n"));
    of_hello.into_iter().chain(of_native).collect()
}

fn ratio(one: f64, other: f64) -> Option<f64> {
    (one > 0.0 && other > 0.0).then(|| one / other)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(work: &'static str, subject: Subject, requests_per_second: f64, p50_ms: f64) -> Row {
        Row {
            work,
            subject,
            connections: 16,
            requests_per_second,
            p50_ms,
            p99_ms: p50_ms * 2.0,
            errors: 0,
        }
    }

    #[test]
    fn the_columns_are_aligned() {
        let rows = [
            row(HELLO, Subject::Hello, 9_592.25, 1.6),
            row(CACHED_PREFERENCES, Subject::Ours, 820.0, 12.345),
        ];
        let expected = "\
work                subject  connections  requests/s  p50 ms  p99 ms  errors
hello               hello             16      9592.2    1.60    3.20       0
cached preferences  ours              16       820.0   12.35   24.69       0
";
        assert_eq!(table(&rows), expected);
    }

    #[test]
    fn ratios_are_of_speeds_and_of_times() {
        let rows = [
            row(HELLO, Subject::Hello, 8_000.0, 2.0),
            row(CACHED_PREFERENCES, Subject::Ours, 6_000.0, 2.5),
            row(ARGON2ID, Subject::Native, 50.0, 20.0),
            row(ARGON2ID, Subject::Ours, 25.0, 43.0),
        ];
        assert_eq!(
            ratios(&rows),
            [
                "cached preferences / hello, requests/s: 0.75\n",
                "argon2id in the component / native, p50: 2.15\n"
            ]
        );
    }

    #[test]
    fn nothing_is_compared_with_what_failed() {
        let rows = [
            row(HELLO, Subject::Hello, 0.0, 0.0),
            row(CACHED_PREFERENCES, Subject::Ours, 6_000.0, 2.5),
        ];
        assert!(ratios(&rows).is_empty());
        assert!(ratios(&[]).is_empty());
    }
}
