//! What was seen of deliveries, for programs and for a reader.

use std::fmt::Write;
use std::time::Duration;

use serde::Serialize;

/// One line of the result.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct DeliveryRow {
    /// What was done: "events, back to back".
    work: &'static str,
    /// Whose work it is, as in the other rows.
    subject: &'static str,
    /// Changes whose events have arrived.
    events: usize,
    /// Events a second, from the first arrival to the last.
    events_per_second: f64,
    /// Half of the events took no longer than so many milliseconds.
    p50_ms: f64,
    /// 99 % of the events took no longer.
    p99_ms: f64,
    /// Changes whose events have not arrived.
    missing: usize,
}

impl DeliveryRow {
    /// The row of `changes` changes whose events took `delays` and arrived within `span`.
    pub(super) fn new(
        work: &'static str,
        changes: usize,
        mut delays: Vec<Duration>,
        span: Duration,
    ) -> Self {
        delays.sort_unstable();
        Self {
            work,
            subject: "ours",
            events: delays.len(),
            events_per_second: rate(delays.len(), span),
            p50_ms: quantile(&delays, 50),
            p99_ms: quantile(&delays, 99),
            missing: changes - delays.len(),
        }
    }

    /// Whether no event has arrived.
    pub(crate) fn only_failed(&self) -> bool {
        self.events == 0
    }

    /// What was done.
    pub(crate) fn work(&self) -> &'static str {
        self.work
    }
}

/// Arrivals a second: so many in `span`, the first of which begins it.
fn rate(events: usize, span: Duration) -> f64 {
    let intervals = u32::try_from(events.saturating_sub(1)).unwrap_or(u32::MAX);
    if span.is_zero() {
        return 0.0;
    }
    to_thousandths(f64::from(intervals) / span.as_secs_f64())
}

/// The delay, in milliseconds, that `percent` of the sorted `delays` do not exceed.
fn quantile(delays: &[Duration], percent: usize) -> f64 {
    let index = (delays.len() * percent).div_ceil(100).saturating_sub(1);
    let delay = delays.get(index).copied().unwrap_or_default();
    to_thousandths(delay.as_secs_f64() * 1_000.0)
}

/// Finer digits say nothing.
fn to_thousandths(number: f64) -> f64 {
    (number * 1_000.0).round() / 1_000.0
}

/// The rows as a table, and what its columns mean.
pub(crate) fn report(rows: &[DeliveryRow]) -> String {
    let mut text = format!(
        "{:<31}{:>7}{:>10}{:>10}{:>10}{:>9}\n",
        "work", "events", "events/s", "p50 ms", "p99 ms", "missing"
    );
    for row in rows {
        // Writing to a string can't fail.
        let _ = writeln!(
            text,
            "{:<31}{:>7}{:>10.1}{:>10.2}{:>10.2}{:>9}",
            row.work, row.events, row.events_per_second, row.p50_ms, row.p99_ms, row.missing
        );
    }
    text.push_str(
        "\nevents: from a change's answer to its event at a consumer of RabbitMQ; after a frozen broker:\n\
         from its thaw, for the changes that were made meanwhile. events/s: first arrival to last.\n",
    );
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row() -> DeliveryRow {
        let delays = (1..=200).rev().map(Duration::from_millis).collect();
        DeliveryRow::new("events, back to back", 203, delays, Duration::from_secs(2))
    }

    #[test]
    fn a_row_has_the_fields_that_others_read() {
        assert_eq!(
            serde_json::to_string(&row()).unwrap(),
            r#"{"work":"events, back to back","subject":"ours","events":200,"#.to_owned()
                + r#""events_per_second":99.5,"p50_ms":100.0,"p99_ms":198.0,"missing":3}"#
        );
    }

    #[test]
    fn what_has_not_arrived_has_no_delay() {
        let row = DeliveryRow::new("events, back to back", 2, Vec::new(), Duration::ZERO);
        assert!(row.only_failed());
        assert!(row.p99_ms <= 0.0 && row.events_per_second <= 0.0);
        assert_eq!(row.missing, 2);
    }

    #[test]
    fn the_columns_are_aligned() {
        let expected = "\
work                            events  events/s    p50 ms    p99 ms  missing
events, back to back               200      99.5    100.00    198.00        3
";
        assert!(
            report(&[row()]).starts_with(expected),
            "{}",
            report(&[row()])
        );
    }
}
