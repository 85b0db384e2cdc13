//! The part of the day in which a user does not want to be disturbed.

use std::fmt;
use std::time::Duration;

use super::zone::Zone;
use crate::time_of_day::TimeOfDay;
use crate::timestamp::Timestamp;

/// From a time of day until before another, as the user's clock shows it; perhaps over midnight.
///
/// Only what the clock shows counts. Where it is put forward over the end, the quiet hours end with
/// the jump; where it is put back, what is quiet the first time is quiet the second time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QuietHours {
    start: TimeOfDay,
    end: TimeOfDay,
}

impl QuietHours {
    /// `None`, no quiet hours, if one of the two is not set or they are equal.
    pub fn new(start: Option<TimeOfDay>, end: Option<TimeOfDay>) -> Option<Self> {
        let (start, end) = (start?, end?);
        (start != end).then_some(Self { start, end })
    }

    /// Whether `clock` is within: the start is, the end is not.
    pub(crate) fn contains(self, clock: TimeOfDay) -> bool {
        (1..=self.start.microseconds_to(self.end)).contains(&clock.microseconds_to(self.end))
    }

    /// When the quiet hours that `now` is in will be over; `None` if it is in none.
    pub(crate) fn end_after(self, now: Timestamp, zone: &Zone) -> Option<Timestamp> {
        let mut time = now;
        loop {
            let clock = zone.clock(time);
            if !self.contains(clock) {
                return (time != now).then_some(time);
            }
            // The clock runs on to the end, or it is put forward or back before that: then what it
            // shows afterwards decides anew.
            let end = time.after(Duration::from_micros(clock.microseconds_to(self.end)));
            let change = zone.next_change(time).filter(|change| *change < end);
            time = change.unwrap_or(end);
        }
    }
}

/// `from 22:00:00 to 07:00:00`.
impl fmt::Display for QuietHours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "from {} to {}", self.start, self.end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    fn hours(start: &str, end: &str) -> Option<QuietHours> {
        QuietHours::new(TimeOfDay::parse(start).ok(), TimeOfDay::parse(end).ok())
    }

    /// When quiet hours end, if they are on at `now`.
    fn end(start: &str, end: &str, zone: &str, now: &str) -> Option<String> {
        let end = hours(start, end)?.end_after(time(now), &Zone::named(zone))?;
        Some(end.to_string().replace(".000000", ""))
    }

    #[test]
    fn both_times_are_needed_and_must_differ() {
        assert_eq!(hours("22:00", "22:00"), None);
        assert_eq!(hours("22:00", ""), None);
        assert_eq!(hours("", "07:00"), None);
        assert_eq!(
            hours("22:00", "07:00").unwrap().to_string(),
            "from 22:00:00 to 07:00:00"
        );
    }

    #[test]
    fn the_start_is_inside_and_the_end_is_not() {
        let over_midnight = |now| end("22:00", "07:00", "UTC", now);
        let until = Some("2026-05-02T07:00:00Z".to_owned());
        assert_eq!(over_midnight("2026-05-01T21:59:59.999999Z"), None);
        assert_eq!(over_midnight("2026-05-01T22:00:00Z"), until);
        assert_eq!(over_midnight("2026-05-02T00:00:00Z"), until);
        assert_eq!(over_midnight("2026-05-02T06:59:59.999999Z"), until);
        assert_eq!(over_midnight("2026-05-02T07:00:00Z"), None);

        let at_noon = |now| end("12:00", "13:30", "Africa/Lagos", now);
        assert_eq!(at_noon("2026-05-01T10:59:59Z"), None);
        assert_eq!(
            at_noon("2026-05-01T11:00:00Z").unwrap(),
            "2026-05-01T12:30:00Z"
        );
        assert_eq!(at_noon("2026-05-01T12:30:00Z"), None);
    }

    #[test]
    fn a_night_with_a_clock_change_is_an_hour_shorter_or_longer() {
        let berlin = |now| end("22:00", "07:00", "Europe/Berlin", now).unwrap();
        assert_eq!(berlin("2026-03-28T21:00:00Z"), "2026-03-29T05:00:00Z");
        assert_eq!(berlin("2026-10-24T20:00:00Z"), "2026-10-25T06:00:00Z");
    }

    #[test]
    fn an_end_that_the_clock_jumps_over_is_the_moment_of_the_jump() {
        // New York goes from 02:00 to 03:00.
        let until = end("22:00", "02:30", "America/New_York", "2026-03-08T05:00:00Z").unwrap();
        assert_eq!(until, "2026-03-08T07:00:00Z");
    }

    #[test]
    fn a_start_that_the_clock_jumps_over_is_the_moment_of_the_jump() {
        let new_york = |now| end("02:30", "06:00", "America/New_York", now);
        assert_eq!(new_york("2026-03-08T06:59:59Z"), None);
        assert_eq!(
            new_york("2026-03-08T07:00:00Z").unwrap(),
            "2026-03-08T10:00:00Z"
        );
    }

    #[test]
    fn what_the_clock_shows_twice_is_quiet_twice() {
        // New York goes from 02:00 back to 01:00: 01:30 comes at 05:30 and at 06:30 UTC.
        let new_york = |now| end("23:00", "01:30", "America/New_York", now);
        assert_eq!(
            new_york("2026-11-01T05:00:00Z").unwrap(),
            "2026-11-01T05:30:00Z"
        );
        assert_eq!(new_york("2026-11-01T05:30:00Z"), None);
        assert_eq!(
            new_york("2026-11-01T06:00:00Z").unwrap(),
            "2026-11-01T06:30:00Z"
        );
        assert_eq!(new_york("2026-11-01T06:30:00Z"), None);

        // An end at the second the clock is put back is reached only by the second run.
        let until = end("23:00", "02:00", "America/New_York", "2026-11-01T04:00:00Z").unwrap();
        assert_eq!(until, "2026-11-01T07:00:00Z");
    }

    #[test]
    fn a_jump_over_the_only_free_time_leaves_none_that_day() {
        let until = end("03:00", "02:00", "America/New_York", "2026-03-08T06:00:00Z").unwrap();
        assert_eq!(until, "2026-03-09T06:00:00Z");
    }

    #[test]
    fn a_day_that_a_zone_leaves_out_is_no_time_to_wait() {
        // Samoa had no 30 December 2011.
        let until = end("22:00", "07:00", "Pacific/Apia", "2011-12-30T09:00:00Z").unwrap();
        assert_eq!(until, "2011-12-30T17:00:00Z");
    }
}
