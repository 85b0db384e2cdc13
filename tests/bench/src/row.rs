//! One line of the result.

use serde::Serialize;

use crate::measurement::Measurement;

/// The component that does nothing.
pub(crate) const HELLO: &str = "hello";
/// What the service is compared with it by.
pub(crate) const CACHED_PREFERENCES: &str = "cached preferences";
/// The password hash.
pub(crate) const ARGON2ID: &str = "argon2id";
/// One login after the other.
pub(crate) const LOGIN_ALONE: &str = "login, 1 connection";
/// One login after the other where the hash is as cheap as can be.
pub(crate) const LOGIN_UNHASHED: &str = "login, 1 connection, cheapest hash";

/// Whose work was measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Subject {
    /// The component that does nothing.
    Hello,
    /// The service.
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
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Row {
    /// What was done: "cached preferences".
    pub(crate) work: &'static str,
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
    /// Requests without an answer or with a wrong one.
    pub(crate) errors: u64,
}

impl Row {
    /// The row of what was measured.
    pub(crate) fn new(work: &'static str, subject: Subject, measured: &Measurement) -> Self {
        Self {
            work,
            subject,
            connections: measured.connections(),
            requests_per_second: to_thousandths(measured.requests_per_second()),
            p50_ms: to_thousandths(measured.latency_ms(0.5)),
            p99_ms: to_thousandths(measured.latency_ms(0.99)),
            errors: measured.errors(),
        }
    }

    /// What this work, done one after the other, takes beyond what the median of `other` takes: the
    /// row of a `work` that is a part of this one and can't be had alone.
    pub(crate) fn beyond(&self, other: &Self, work: &'static str) -> Self {
        let beyond = |latency: f64| to_thousandths((latency - other.p50_ms).max(0.0));
        let seconds = self.requests_per_second.recip() - other.requests_per_second.recip();
        Self {
            work,
            requests_per_second: if seconds.is_finite() && seconds > 0.0 {
                to_thousandths(seconds.recip())
            } else {
                0.0
            },
            p50_ms: beyond(self.p50_ms),
            p99_ms: beyond(self.p99_ms),
            errors: self.errors + other.errors,
            ..self.clone()
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
            work: "login",
            subject: Subject::Ours,
            connections: 1,
            requests_per_second,
            p50_ms,
            p99_ms,
            errors: 1,
        }
    }

    #[test]
    fn a_row_has_the_fields_that_others_read() {
        let mut measurement = Measurement::of(1);
        measurement.succeeded(Duration::from_micros(1_500));
        measurement.failed(&anyhow!("429"));
        measurement.took(Duration::from_secs(3));
        let row = Row::new("cached preferences", Subject::Ours, &measurement);
        assert_eq!(
            serde_json::to_string(&row).unwrap(),
            r#"{"work":"cached preferences","subject":"ours","connections":1,"#.to_owned()
                + r#""requests_per_second":0.333,"p50_ms":1.5,"p99_ms":1.5,"errors":1}"#
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
            work: "argon2id",
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
