//! Times of day without a date or zone.

use std::fmt;

use crate::field_errors::Parsed;

const INVALID: &str =
    "Time has wrong format. Use one of these formats instead: hh:mm[:ss[.uuuuuu]].";

const MICROSECONDS: u64 = 1_000_000;

const DAY: u64 = 24 * 60 * 60 * MICROSECONDS;

/// A time of day in microseconds since midnight, always below 24 hours.
///
/// Displays as `HH:MM:SS`, with six digits of a second's fraction if that is not zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TimeOfDay {
    microseconds: u64,
}

impl TimeOfDay {
    /// Reads `hh:mm[:ss[.ffffff]]` with one to six digits of fraction.
    ///
    /// # Errors
    /// If `text` has another form or names no time of day.
    pub fn parse(text: &str) -> Parsed<Self> {
        Self::read(text).ok_or_else(|| INVALID.into())
    }

    /// Takes microseconds since midnight, beginning anew after 24 hours.
    pub(crate) fn from_microseconds(microseconds: u64) -> Self {
        Self {
            microseconds: microseconds % DAY,
        }
    }

    /// Microseconds from this time to the next `other`: none if they are equal, else up to a day.
    pub(crate) fn microseconds_to(self, other: Self) -> u64 {
        (other.microseconds + DAY - self.microseconds) % DAY
    }

    /// The time without its fraction of a second.
    pub(crate) fn in_whole_seconds(self) -> Self {
        Self::from_microseconds(self.microseconds - self.microseconds % MICROSECONDS)
    }

    /// Microseconds since midnight.
    pub fn microseconds(self) -> u64 {
        self.microseconds
    }

    fn read(text: &str) -> Option<Self> {
        let (clock, fraction) = text
            .split_once('.')
            .map_or((text, None), |(clock, fraction)| (clock, Some(fraction)));
        let mut parts = clock.split(':');
        let hours = two_digits(parts.next()?, 24)?;
        let minutes = two_digits(parts.next()?, 60)?;
        let seconds = parts.next();
        if parts.next().is_some() || (fraction.is_some() && seconds.is_none()) {
            return None;
        }
        let seconds = seconds.map_or(Some(0), |seconds| two_digits(seconds, 60))?;
        let fraction = fraction.map_or(Some(0), millionths)?;
        let total_seconds = (hours * 60 + minutes) * 60 + seconds;
        Some(Self {
            microseconds: total_seconds * MICROSECONDS + fraction,
        })
    }
}

/// Exactly two digits that make a number below `limit`.
fn two_digits(text: &str, limit: u64) -> Option<u64> {
    let number = digits(text).filter(|_| text.len() == 2)?;
    (number < limit).then_some(number)
}

/// One to six digits after a decimal point, as millionths.
fn millionths(text: &str) -> Option<u64> {
    if !(1..=6).contains(&text.len()) {
        return None;
    }
    digits(&format!("{text:0<6}"))
}

fn digits(text: &str) -> Option<u64> {
    text.bytes()
        .all(|byte| byte.is_ascii_digit())
        .then(|| text.parse().ok())
        .flatten()
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (seconds, fraction) = (
            self.microseconds / MICROSECONDS,
            self.microseconds % MICROSECONDS,
        );
        let (minutes, seconds) = (seconds / 60, seconds % 60);
        write!(f, "{:02}:{:02}:{seconds:02}", minutes / 60, minutes % 60)?;
        if fraction == 0 {
            Ok(())
        } else {
            write!(f, ".{fraction:06}")
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::testing::problem_of;

    #[test]
    fn every_form_is_read_and_shown_in_full() {
        for (text, shown) in [
            ("22:00", "22:00:00"),
            ("00:00:00", "00:00:00"),
            ("07:30:05", "07:30:05"),
            ("23:59:59.999999", "23:59:59.999999"),
            ("01:02:03.5", "01:02:03.500000"),
            ("01:02:03.000000", "01:02:03"),
        ] {
            assert_eq!(TimeOfDay::parse(text).unwrap().to_string(), shown);
        }
    }

    #[test]
    fn other_forms_and_impossible_times_are_refused() {
        for text in [
            "",
            "25:00",
            "24:00",
            "23:60",
            "23:59:60",
            "9:30",
            "09:3",
            "0930",
            "09:30:",
            "09:30.5",
            "09:30:00.",
            "09:30:00.1234567",
            "-1:00",
            "+9:30",
            "09:30Z",
            "09:30+01:00",
            "09:30:00:00",
            "٠٩:٣٠",
            "09:30\0",
            "a",
            "ä:öü",
        ] {
            assert_eq!(
                problem_of(TimeOfDay::parse(text)),
                json!([INVALID]),
                "{text:?}"
            );
        }
    }

    #[test]
    fn the_way_to_another_time_goes_over_midnight() {
        let time = |text| TimeOfDay::parse(text).unwrap();
        let hour = 3_600_000_000;
        assert_eq!(time("07:00").microseconds_to(time("09:00")), 2 * hour);
        assert_eq!(time("23:00").microseconds_to(time("01:00")), 2 * hour);
        assert_eq!(time("09:00").microseconds_to(time("07:00")), 22 * hour);
        assert_eq!(time("09:00").microseconds_to(time("09:00")), 0);
        assert_eq!(TimeOfDay::from_microseconds(25 * hour), time("01:00"));
        assert_eq!(time("09:30:01.5").in_whole_seconds(), time("09:30:01"));
    }

    proptest! {
        #[test]
        fn times_survive_display_and_parse(microseconds in 0_u64..86_400_000_000) {
            let time = TimeOfDay { microseconds };
            prop_assert_eq!(TimeOfDay::parse(&time.to_string()), Ok(time));
        }

        #[test]
        fn any_text_is_answered(text in any::<String>(), timelike in "[0-9:.+-]{0,20}") {
            let _ = TimeOfDay::parse(&text);
            if let Ok(time) = TimeOfDay::parse(&timelike) {
                prop_assert!(time.microseconds() < 86_400_000_000);
            }
        }
    }
}
