//! The result for a reader: an aligned table, and what follows from it.

use std::fmt::Write;

use crate::argon2id::{ITERATIONS, MEMORY_KIB, PARALLELISM};
use crate::figures::figures;
use crate::names::{ARGON2ID, LOGIN_ALONE, LOGIN_UNHASHED};
use crate::row::Row;

const HEAD: [&str; 12] = [
    "work",
    "subject",
    "connections",
    "requests/s",
    "p50 ms",
    "p99 ms",
    "p99.9 ms",
    "errors",
    "PostgreSQL",
    "Redis",
    "CPU ms",
    "memory MB",
];

/// Columns of words stand to the left, those of numbers to the right.
const WORDS: usize = 2;

/// The table, the figures, and what the columns are.
pub(crate) fn report(rows: &[Row]) -> String {
    let mut text = table(rows);
    text.push('\n');
    text.extend(figures(rows));
    // Writing to a string can't fail.
    let _ = write!(
        text,
        "\nPostgreSQL, Redis: round trips of a request, by counting. CPU, memory: of the host.\n\
         Open loop: half of the closed loop's requests are due at a fixed rate, and a latency is\n\
         counted from when its request was due.\n\
         {ARGON2ID}: m={MEMORY_KIB} KiB, t={ITERATIONS}, p={PARALLELISM}. \
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
        row.work.clone(),
        row.subject.name().to_owned(),
        row.connections.to_string(),
        format!("{:.1}", row.requests_per_second),
        format!("{:.2}", row.p50_ms),
        format!("{:.2}", row.p99_ms),
        format!("{:.2}", row.p999_ms),
        row.errors.to_string(),
        format!("{:.1}", row.postgres_round_trips),
        format!("{:.1}", row.redis_round_trips),
        format!("{:.2}", row.host_cpu_ms),
        format!("{:.0}", row.host_memory_mb),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::row::Subject;

    #[test]
    fn the_columns_are_aligned() {
        let rows = [
            Row {
                work: "hello".to_owned(),
                subject: Subject::Hello,
                connections: 16,
                requests_per_second: 9_592.25,
                p50_ms: 1.6,
                p99_ms: 3.2,
                p999_ms: 4.0,
                host_memory_mb: 57.2,
                ..Row::default()
            },
            Row {
                work: "cached preferences".to_owned(),
                connections: 16,
                requests_per_second: 820.0,
                p50_ms: 12.345,
                p99_ms: 24.69,
                p999_ms: 100.0,
                errors: 3,
                redis_round_trips: 1.0,
                host_cpu_ms: 0.25,
                host_memory_mb: 123.4,
                ..Row::default()
            },
        ];
        let expected = "\
work                subject  connections  requests/s  p50 ms  p99 ms  p99.9 ms  errors  PostgreSQL  Redis  CPU ms  memory MB
hello               hello             16      9592.2    1.60    3.20      4.00       0         0.0    0.0    0.00         57
cached preferences  ours              16       820.0   12.35   24.69    100.00       3         0.0    1.0    0.25        123
";
        assert_eq!(table(&rows), expected);
    }
}
