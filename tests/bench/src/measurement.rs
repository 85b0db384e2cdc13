//! What was seen of a workload: latencies, time and failures.

use std::time::Duration;

use hdrhistogram::Histogram;

/// The longest latency that is told apart, in microseconds; above any time-out here.
const LONGEST: u64 = 60_000_000;

/// Latencies and failures of one workload, gathered over connections and time.
#[derive(Clone, Debug)]
pub(crate) struct Measurement {
    connections: usize,
    /// Microseconds, to three digits.
    latencies: Histogram<u64>,
    /// The sum over all connections of the time in which they were measured.
    busy: Duration,
    errors: u64,
    first_error: Option<String>,
}

impl Measurement {
    /// Nothing seen yet of a workload on so many connections.
    pub(crate) fn of(connections: usize) -> Self {
        Self {
            connections,
            latencies: Histogram::new_with_bounds(1, LONGEST, 3)
                .expect("the bounds are in order and 3 digits are possible"),
            busy: Duration::ZERO,
            errors: 0,
            first_error: None,
        }
    }

    /// A request had the right answer after `latency`.
    pub(crate) fn succeeded(&mut self, latency: Duration) {
        let microseconds = u64::try_from(latency.as_micros()).unwrap_or(LONGEST);
        self.latencies.saturating_record(microseconds);
    }

    /// A request had no answer, or a wrong one.
    pub(crate) fn failed(&mut self, error: &anyhow::Error) {
        self.errors += 1;
        self.first_error.get_or_insert_with(|| format!("{error:#}"));
    }

    /// One connection has been measured for `time`.
    pub(crate) fn took(&mut self, time: Duration) {
        self.busy += time;
    }

    /// Adds what was seen on other connections, or at another time.
    pub(crate) fn merge(&mut self, other: Self) {
        self.latencies
            .add(other.latencies)
            .expect("all histograms have the same bounds");
        self.busy += other.busy;
        self.errors += other.errors;
        self.first_error = self.first_error.take().or(other.first_error);
    }

    /// How many requests are under way at once.
    pub(crate) fn connections(&self) -> usize {
        self.connections
    }

    /// Requests with the right answer.
    pub(crate) fn successes(&self) -> u64 {
        self.latencies.len()
    }

    /// Requests without one.
    pub(crate) fn errors(&self) -> u64 {
        self.errors
    }

    /// What was wrong the first time.
    pub(crate) fn first_error(&self) -> Option<&str> {
        self.first_error.as_deref()
    }

    /// Right answers a second, on all connections together.
    #[expect(
        clippy::cast_precision_loss,
        reason = "nobody sends 2^52 requests, nor on so many connections"
    )]
    pub(crate) fn requests_per_second(&self) -> f64 {
        let seconds = self.busy.as_secs_f64() / self.connections as f64;
        if seconds > 0.0 {
            self.successes() as f64 / seconds
        } else {
            0.0
        }
    }

    /// The latency that this part of the right answers (0.5: half of them) does not exceed, in
    /// milliseconds; 0 if there are none.
    pub(crate) fn latency_ms(&self, quantile: f64) -> f64 {
        Duration::from_micros(self.latencies.value_at_quantile(quantile)).as_secs_f64() * 1_000.0
    }
}

#[cfg(test)]
mod tests {
    use anyhow::anyhow;

    use super::*;

    fn milliseconds(latencies: impl IntoIterator<Item = u64>) -> Measurement {
        let mut measurement = Measurement::of(2);
        for latency in latencies {
            measurement.succeeded(Duration::from_millis(latency));
        }
        measurement
    }

    #[track_caller]
    fn assert_near(seen: f64, expected: f64) {
        assert!(
            (seen - expected).abs() <= expected / 500.0,
            "{seen} instead of {expected}"
        );
    }

    #[test]
    fn quantiles_are_those_of_the_latencies() {
        let measurement = milliseconds(1..=1_000);
        assert_near(measurement.latency_ms(0.5), 500.0);
        assert_near(measurement.latency_ms(0.99), 990.0);
    }

    #[test]
    fn quantiles_of_parts_are_those_of_the_whole() {
        let mut measurement = milliseconds(1..=500);
        measurement.merge(milliseconds(501..=1_000));
        assert_eq!(measurement.successes(), 1_000);
        assert_near(measurement.latency_ms(0.5), 500.0);
        assert_near(measurement.latency_ms(0.99), 990.0);
    }

    #[test]
    fn requests_are_counted_a_second_of_all_connections_together() {
        let mut measurement = milliseconds([1; 30]);
        // Two connections, three seconds each.
        measurement.took(Duration::from_secs(3));
        measurement.took(Duration::from_secs(3));
        assert_near(measurement.requests_per_second(), 10.0);
    }

    #[test]
    fn a_failure_is_no_answer_and_the_first_reason_is_kept() {
        let mut measurement = Measurement::of(1);
        measurement.failed(&anyhow!("cause").context("first"));
        let mut later = Measurement::of(1);
        later.failed(&anyhow!("second"));
        measurement.merge(later);
        assert_eq!((measurement.successes(), measurement.errors()), (0, 2));
        assert_eq!(measurement.first_error(), Some("first: cause"));
    }

    #[test]
    fn nothing_seen_is_no_speed() {
        let measurement = Measurement::of(1);
        assert!(measurement.requests_per_second() <= 0.0);
        assert!(measurement.latency_ms(0.99) <= 0.0);
    }

    #[test]
    fn what_takes_longer_than_can_be_told_counts_as_the_longest() {
        let measurement = milliseconds([100_000_000]);
        assert_near(measurement.latency_ms(0.5), 60_000.0);
    }
}
