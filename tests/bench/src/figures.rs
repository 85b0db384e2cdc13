//! What the rows say of each other, beside what is wanted of it.

use crate::names::{
    AFTER_IDLE, ARGON2ID, CACHED_PREFERENCES, HELLO, LOGIN_ALONE, LOGIN_UNHASHED,
    PROFILE_ON_A_MISS, READ_IN_A_FLOOD, REFRESH, REFRESH_IN_A_FLOOD,
};
use crate::row::{Row, Subject};

/// One line for each figure; nothing of what could not be measured.
pub(crate) fn figures(rows: &[Row]) -> Vec<String> {
    let rows = Rows(rows);
    let figures = [
        (
            "cached preferences / hello, requests/s",
            rows.speeds(CACHED_PREFERENCES, Subject::Ours, HELLO, Subject::Hello),
            "at least 0.6",
        ),
        (
            "cached preferences / native, requests/s",
            rows.speeds(
                CACHED_PREFERENCES,
                Subject::Ours,
                CACHED_PREFERENCES,
                Subject::Native,
            ),
            "at least 0.35",
        ),
        (
            "profile on a miss / hello, requests/s",
            rows.speeds(PROFILE_ON_A_MISS, Subject::Ours, HELLO, Subject::Hello),
            "at least 0.25",
        ),
        (
            "refreshes a second of the host's processor time",
            rows.of(REFRESH, |row| 1_000.0 / row.host_cpu_ms),
            "at least 600",
        ),
        (
            "hashing's share of a login's processor time",
            rows.hashing(),
            "at least 0.85",
        ),
        (
            "argon2id in the component / native, processor time",
            rows.hash(),
            "at most 1.3",
        ),
        (
            "cached preferences, p99 in ms",
            rows.of(CACHED_PREFERENCES, |row| row.p99_ms),
            "at most 25",
        ),
        (
            "cached preferences during a login flood, p99 in ms",
            rows.of(READ_IN_A_FLOOD, |row| row.p99_ms),
            "at most 25",
        ),
        (
            "refresh during a login flood, p99 in ms",
            rows.of(REFRESH_IN_A_FLOOD, |row| row.p99_ms),
            "at most 100",
        ),
        (
            "first answer after idle, p50 in ms",
            rows.of(AFTER_IDLE, |row| row.p50_ms),
            "at most 20",
        ),
        (
            "memory of the host, the most seen, in MB",
            rows.memory(),
            "at most 150",
        ),
    ];
    figures
        .into_iter()
        .filter_map(|(name, value, wanted)| {
            let value = value.filter(|value| value.is_finite() && *value > 0.0)?;
            Some(format!("{name}: {value:.2} (wanted: {wanted})\n"))
        })
        .collect()
}

/// Of rows of the same work, the first counts: that with the fewest connections.
struct Rows<'a>(&'a [Row]);

impl Rows<'_> {
    fn row(&self, work: &str, subject: Subject) -> Option<&Row> {
        self.0
            .iter()
            .find(|row| row.work == work && row.subject == subject)
    }

    /// What `value` is of our row of `work`.
    fn of(&self, work: &str, value: fn(&Row) -> f64) -> Option<f64> {
        self.row(work, Subject::Ours).map(value)
    }

    fn speeds(&self, work: &str, subject: Subject, of: &str, of_subject: Subject) -> Option<f64> {
        let speed = |work, subject| Some(self.row(work, subject)?.requests_per_second);
        Some(speed(work, subject)? / speed(of, of_subject)?)
    }

    /// Processor time: whatever else the machine does meanwhile, it stays about the same.
    fn hash(&self) -> Option<f64> {
        let cpu = |subject| Some(self.row(ARGON2ID, subject)?.host_cpu_ms);
        Some(cpu(Subject::Ours)? / cpu(Subject::Native)?)
    }

    fn hashing(&self) -> Option<f64> {
        let cpu = |work| self.of(work, |row| row.host_cpu_ms);
        Some(1.0 - cpu(LOGIN_UNHASHED)? / cpu(LOGIN_ALONE)?)
    }

    fn memory(&self) -> Option<f64> {
        let ours = self.0.iter().filter(|row| row.subject == Subject::Ours);
        ours.map(|row| row.host_memory_mb).reduce(f64::max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(work: &str, subject: Subject) -> Row {
        Row {
            work: work.to_owned(),
            subject,
            ..Row::default()
        }
    }

    #[test]
    fn speeds_times_and_processor_time_are_compared() {
        let rows = [
            Row {
                requests_per_second: 8_000.0,
                ..row(HELLO, Subject::Hello)
            },
            Row {
                requests_per_second: 6_000.0,
                host_memory_mb: 100.0,
                ..row(CACHED_PREFERENCES, Subject::Ours)
            },
            Row {
                host_cpu_ms: 20.0,
                ..row(ARGON2ID, Subject::Native)
            },
            Row {
                host_cpu_ms: 25.0,
                ..row(ARGON2ID, Subject::Ours)
            },
            Row {
                host_cpu_ms: 30.0,
                ..row(LOGIN_ALONE, Subject::Ours)
            },
            Row {
                host_cpu_ms: 3.0,
                ..row(LOGIN_UNHASHED, Subject::Ours)
            },
        ];
        assert_eq!(
            figures(&rows),
            [
                "cached preferences / hello, requests/s: 0.75 (wanted: at least 0.6)\n",
                "hashing's share of a login's processor time: 0.90 (wanted: at least 0.85)\n",
                "argon2id in the component / native, processor time: 1.25 (wanted: at most 1.3)\n",
                "memory of the host, the most seen, in MB: 100.00 (wanted: at most 150)\n",
            ]
        );
    }

    #[test]
    fn nothing_is_compared_with_what_failed() {
        let rows = [
            row(HELLO, Subject::Hello),
            Row {
                requests_per_second: 6_000.0,
                ..row(CACHED_PREFERENCES, Subject::Ours)
            },
        ];
        assert!(figures(&rows).is_empty());
        assert!(figures(&[]).is_empty());
    }
}
