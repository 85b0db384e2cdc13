//! One line of the result.

use serde::Serialize;

use crate::measurement::Measurement;
use crate::round_trips::RoundTrips;
use crate::usage::Usage;

/// Whose work was measured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Subject {
    /// The component that does nothing.
    Hello,
    /// The service.
    #[default]
    Ours,
    /// The same work outside of WebAssembly.
    Native,
}

impl Subject {
    /// As in the rows.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Hello => "hello",
            Self::Ours => "ours",
            Self::Native => "native",
        }
    }
}

/// What was measured of one work.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct Row {
    /// What was done: "cached preferences".
    pub(crate) work: String,
    /// Whose work it is.
    pub(crate) subject: Subject,
    /// Requests under way at once.
    pub(crate) connections: usize,
    /// Right answers a second.
    pub(crate) requests_per_second: f64,
    /// Half of the right answers took no longer than so many milliseconds.
    pub(crate) p50_ms: f64,
    /// 99 % of the right answers took no longer.
    pub(crate) p99_ms: f64,
    /// 99.9 % of the right answers took no longer.
    pub(crate) p999_ms: f64,
    /// Requests without an answer or with a wrong one.
    pub(crate) errors: u64,
    /// Round trips to PostgreSQL that a request takes, one after the other sent alone.
    pub(crate) postgres_round_trips: f64,
    /// Round trips to Redis that a request takes.
    pub(crate) redis_round_trips: f64,
    /// Processor time that a request takes of its host, in milliseconds; 0 if it was not looked at.
    pub(crate) host_cpu_ms: f64,
    /// Memory of the host afterwards, the most of all rounds; 0 if it was not looked at.
    pub(crate) host_memory_mb: f64,
}

impl Row {
    /// The row of what was measured.
    pub(crate) fn new(work: &str, subject: Subject, measured: &Measurement) -> Self {
        Self {
            work: work.to_owned(),
            subject,
            connections: measured.connections(),
            requests_per_second: to_thousandths(measured.requests_per_second()),
            p50_ms: to_thousandths(measured.latency_ms(0.5)),
            p99_ms: to_thousandths(measured.latency_ms(0.99)),
            p999_ms: to_thousandths(measured.latency_ms(0.999)),
            errors: measured.errors(),
            ..Self::default()
        }
    }

    /// The same with the round trips of a request.
    pub(crate) fn with_round_trips(self, round_trips: RoundTrips) -> Self {
        Self {
            postgres_round_trips: to_thousandths(round_trips.postgres),
            redis_round_trips: to_thousandths(round_trips.redis),
            ..self
        }
    }

    /// The same with what `requests` requests have taken of their host.
    #[expect(
        clippy::cast_precision_loss,
        reason = "nobody sends 2^52 requests, nor has that much memory"
    )]
    pub(crate) fn with_usage(self, usage: Usage, requests: u64) -> Self {
        let cpu_ms = usage.cpu.as_secs_f64() * 1_000.0 / requests.max(1) as f64;
        Self {
            host_cpu_ms: to_thousandths(cpu_ms),
            host_memory_mb: to_thousandths(usage.memory_kib as f64 * 1_024.0 / 1e6),
            ..self
        }
    }

    /// What this work, done one after the other, takes beyond what the median of `other` takes: the
    /// row of a `work` that is a part of this one and can't be had alone.
    pub(crate) fn beyond(&self, other: &Self, work: &str) -> Self {
        let beyond = |latency: f64| to_thousandths((latency - other.p50_ms).max(0.0));
        let seconds = self.requests_per_second.recip() - other.requests_per_second.recip();
        Self {
            work: work.to_owned(),
            subject: self.subject,
            connections: self.connections,
            requests_per_second: if seconds.is_finite() && seconds > 0.0 {
                to_thousandths(seconds.recip())
            } else {
                0.0
            },
            p50_ms: beyond(self.p50_ms),
            p99_ms: beyond(self.p99_ms),
            p999_ms: beyond(self.p999_ms),
            errors: self.errors + other.errors,
            host_cpu_ms: to_thousandths((self.host_cpu_ms - other.host_cpu_ms).max(0.0)),
            ..Self::default()
        }
    }

    /// Whether nothing went right.
    pub(crate) fn only_failed(&self) -> bool {
        self.errors > 0 && self.requests_per_second <= 0.0
    }
}

/// Finer digits say nothing.
fn to_thousandths(number: f64) -> f64 {
    (number * 1_000.0).round() / 1_000.0
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use anyhow::anyhow;

    use super::*;

    fn row(requests_per_second: f64, p50_ms: f64, p99_ms: f64) -> Row {
        Row {
            work: "login".to_owned(),
            connections: 1,
            requests_per_second,
            p50_ms,
            p99_ms,
            p999_ms: p99_ms,
            errors: 1,
            host_cpu_ms: p50_ms,
            ..Row::default()
        }
    }

    #[test]
    fn a_row_has_the_fields_that_others_read() {
        let mut measurement = Measurement::of(1);
        measurement.succeeded(Duration::from_micros(1_500));
        measurement.failed(&anyhow!("429"));
        measurement.took(Duration::from_secs(3));
        let round_trips = RoundTrips {
            postgres: 1.0,
            redis: 0.5,
        };
        let usage = Usage {
            cpu: Duration::from_millis(10),
            memory_kib: 1_000,
        };
        let row = Row::new("cached preferences", Subject::Ours, &measurement)
            .with_round_trips(round_trips)
            .with_usage(usage, 4);
        assert_eq!(
            serde_json::to_string(&row).unwrap(),
            r#"{"work":"cached preferences","subject":"ours","connections":1,"#.to_owned()
                + r#""requests_per_second":0.333,"p50_ms":1.5,"p99_ms":1.5,"p999_ms":1.5,"errors":1,"#
                + r#""postgres_round_trips":1.0,"redis_round_trips":0.5,"host_cpu_ms":2.5,"#
                + r#""host_memory_mb":1.024}"#
        );
    }

    #[test]
    fn a_subject_is_called_the_same_everywhere() {
        for subject in [Subject::Hello, Subject::Ours, Subject::Native] {
            let json = serde_json::to_value(subject).unwrap();
            assert_eq!(json, subject.name());
        }
    }

    #[test]
    fn a_part_is_what_the_whole_takes_beyond_the_rest() {
        // 50 ms and 10 ms on average.
        let part = row(20.0, 49.0, 80.0).beyond(&row(100.0, 9.0, 30.0), "argon2id");
        let expected = Row {
            work: "argon2id".to_owned(),
            errors: 2,
            ..row(25.0, 40.0, 71.0)
        };
        assert_eq!(part, expected);
    }

    #[test]
    fn a_part_that_is_lost_in_the_noise_is_nothing() {
        for whole in [row(200.0, 5.0, 6.0), row(0.0, 0.0, 0.0)] {
            let part = whole.beyond(&row(100.0, 9.0, 30.0), "argon2id");
            assert!(part.p50_ms <= 0.0 && part.p99_ms <= 0.0);
            assert!(part.requests_per_second <= 0.0);
        }
    }

    #[test]
    fn only_a_work_of_which_nothing_went_right_has_failed() {
        assert!(!row(10.0, 1.0, 1.0).only_failed());
        assert!(row(0.0, 0.0, 0.0).only_failed());
    }
}
