//! What the benchmark has measured, from `docs/benchmark.json`: the table of `docs/benchmark.md`, and
//! README's of how much one processor can do.

use std::fmt::Write;

use anyhow::{Context, Result};
use serde::Deserialize;

/// The connections whose rows README shows.
const CONNECTIONS: usize = 16;

/// One row, as `cargo xtask bench --json` writes it.
#[derive(Debug, Deserialize)]
pub(crate) struct Row {
    work: String,
    subject: String,
    connections: usize,
    requests_per_second: f64,
    p50_ms: f64,
    p99_ms: f64,
    p999_ms: f64,
    errors: u64,
    postgres_round_trips: f64,
    redis_round_trips: f64,
    host_cpu_ms: f64,
    host_memory_mb: f64,
}

/// The rows of `json`.
///
/// # Errors
/// If it is something else.
pub(crate) fn rows(json: &str) -> Result<Vec<Row>> {
    serde_json::from_str(json).context("docs/benchmark.json is not what `cargo xtask bench` writes")
}

/// All rows, as a table in Markdown.
pub(crate) fn table(rows: &[Row]) -> String {
    let mut table = String::from(
        "| work | subject | connections | requests/s | p50 ms | p99 ms | p99.9 ms | errors | PostgreSQL | Redis | CPU ms | memory MB |\n\
         |---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n",
    );
    for row in rows {
        // Writing to a string can't fail.
        let _ = writeln!(
            table,
            "| {} | {} | {} | {:.1} | {:.2} | {:.2} | {:.2} | {} | {:.2} | {:.2} | {} | {} |",
            row.work,
            row.subject,
            row.connections,
            row.requests_per_second,
            row.p50_ms,
            row.p99_ms,
            row.p999_ms,
            row.errors,
            row.postgres_round_trips,
            row.redis_round_trips,
            if_looked_at(row.host_cpu_ms, 3),
            if_looked_at(row.host_memory_mb, 0),
        );
    }
    table
}

/// How many of each request one processor of the host can answer in a second, and what each asks of the
/// servers behind it.
pub(crate) fn capacity(rows: &[Row]) -> String {
    let mut table = String::from(
        "| request | a second on one CPU | a second, native | PostgreSQL round trips | Redis round trips |\n\
         |---|--:|--:|--:|--:|\n",
    );
    let of = |subject: &str, connections: usize| {
        rows.iter()
            .filter(move |row| row.subject == subject && row.connections == connections)
            .filter(|row| row.host_cpu_ms > 0.0)
            .collect::<Vec<_>>()
    };
    let native = of("native", CONNECTIONS);
    for row in of("ours", CONNECTIONS) {
        let other = native.iter().find(|other| other.work == row.work);
        let _ = writeln!(
            table,
            "| {} | {:.0} | {} | {:.2} | {:.2} |",
            row.work,
            1_000.0 / row.host_cpu_ms,
            other.map_or_else(String::new, |other| {
                format!("{:.0}", 1_000.0 / other.host_cpu_ms)
            }),
            row.postgres_round_trips,
            row.redis_round_trips,
        );
    }
    table
}

fn if_looked_at(number: f64, digits: usize) -> String {
    if number > 0.0 {
        format!("{number:.digits$}")
    } else {
        String::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROWS: &str = r#"[
        {"work": "refresh", "subject": "ours", "connections": 16, "requests_per_second": 1000.06,
         "p50_ms": 1, "p99_ms": 2, "p999_ms": 3, "errors": 0, "postgres_round_trips": 1,
         "redis_round_trips": 0.5, "host_cpu_ms": 0.5, "host_memory_mb": 150.4},
        {"work": "refresh", "subject": "native", "connections": 16, "requests_per_second": 4000,
         "p50_ms": 1, "p99_ms": 2, "p999_ms": 3, "errors": 0, "postgres_round_trips": 1,
         "redis_round_trips": 0.5, "host_cpu_ms": 0.25, "host_memory_mb": 0},
        {"work": "refresh", "subject": "ours", "connections": 64, "requests_per_second": 1000,
         "p50_ms": 1, "p99_ms": 2, "p999_ms": 3, "errors": 0, "postgres_round_trips": 1,
         "redis_round_trips": 0.5, "host_cpu_ms": 0.5, "host_memory_mb": 150}
    ]"#;

    #[test]
    fn every_row_is_in_the_table() {
        let table = table(&rows(ROWS).unwrap());
        assert_eq!(table.lines().count(), 2 + 3);
        assert!(table.contains(
            "| refresh | ours | 16 | 1000.1 | 1.00 | 2.00 | 3.00 | 0 | 1.00 | 0.50 | 0.500 | 150 |"
        ));
        assert!(table.contains("| 0.50 | 0.250 |  |\n"), "{table}");
    }

    #[test]
    fn capacity_is_what_one_processor_can_do() {
        let capacity = capacity(&rows(ROWS).unwrap());
        assert_eq!(capacity.lines().count(), 2 + 1);
        assert!(capacity.ends_with("| refresh | 2000 | 4000 | 1.00 | 0.50 |\n"));
    }

    #[test]
    fn what_is_no_benchmark_is_refused() {
        let error = rows("[{}]").unwrap_err().to_string();
        assert!(error.contains("cargo xtask bench"), "{error}");
    }
}
