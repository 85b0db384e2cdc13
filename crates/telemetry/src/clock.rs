//! The edge at which time is read; everywhere else it is an argument.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use chrono::{DateTime, SecondsFormat};

/// Where the time comes from.
#[derive(Clone, Copy, Debug, Default)]
pub struct Clock;

impl Clock {
    /// The host's wall clock.
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the edge where time is read"
    )]
    pub fn now(self) -> Moment {
        Moment(
            SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .unwrap_or_default(),
        )
    }
}

/// A moment, as the time since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(Duration);

impl Moment {
    /// Whole seconds since 1970-01-01T00:00:00Z, as in the claims of a token (RFC 7519, section 2).
    pub fn unix_seconds(self) -> u64 {
        self.0.as_secs()
    }

    /// Seconds since 1970-01-01T00:00:00Z, with their fraction.
    pub fn unix_seconds_fractional(self) -> f64 {
        self.0.as_secs_f64()
    }

    /// How much time has gone by since `earlier`; none if it is later.
    pub fn since(self, earlier: Self) -> Duration {
        self.0.saturating_sub(earlier.0)
    }

    /// The moment in ISO 8601: UTC, microseconds and `Z`.
    pub fn to_iso8601(self) -> String {
        i64::try_from(self.0.as_micros())
            .ok()
            .and_then(DateTime::from_timestamp_micros)
            .map(|moment| moment.to_rfc3339_opts(SecondsFormat::Micros, true))
            .unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_written_in_utc_with_microseconds() {
        let moment = Moment(Duration::new(1_795_457_525, 129_097_200));
        assert_eq!(moment.to_iso8601(), "2026-11-23T18:12:05.129097Z");
    }
}
