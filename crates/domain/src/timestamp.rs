//! Points in time, as requests and answers name them.

use std::fmt;
use std::time::Duration;

use jiff::civil::{Date, Time};
use jiff::tz::Offset;
use serde::{Serialize, Serializer};

use crate::field_errors::Parsed;

const INVALID: &str =
    "Datetime has wrong format. Use this format instead: YYYY-MM-DDThh:mm:ss[.uuuuuu](Z|±hh:mm).";

const OUT_OF_RANGE: &str = "Ensure this datetime is in the years 1970 to 2199.";

/// The first microsecond of 2200.
const END: i64 = 7_258_118_400_000_000;

/// A point in time to the microsecond.
///
/// Displays in UTC with six digits of a second's fraction and `Z`, as all times of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(jiff::Timestamp);

impl Timestamp {
    /// Reads a date and time with its offset from UTC (RFC 3339, section 5.6). What is finer than a
    /// microsecond is cut off.
    ///
    /// # Errors
    /// If `text` has another form, or names no time of the years 1970 to 2199.
    pub fn parse(text: &str) -> Parsed<Self> {
        let microseconds = read(text).ok_or(INVALID)?;
        if (0..END).contains(&microseconds) {
            Ok(Self::from_unix_microseconds(microseconds))
        } else {
            Err(OUT_OF_RANGE.into())
        }
    }

    /// Takes microseconds since 1970-01-01T00:00:00Z; what is before 1970 or after 2199 becomes the
    /// nearest time in these years.
    pub fn from_unix_microseconds(microseconds: i64) -> Self {
        let microseconds = microseconds.clamp(0, END - 1);
        Self(jiff::Timestamp::from_microsecond(microseconds).unwrap_or_default())
    }

    /// Microseconds since 1970-01-01T00:00:00Z.
    pub fn unix_microseconds(self) -> i64 {
        self.0.as_microsecond()
    }

    /// The time that is `duration` later.
    #[must_use]
    pub(crate) fn after(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(duration).unwrap_or(self.0))
    }

    pub(crate) fn as_jiff(self) -> jiff::Timestamp {
        self.0
    }

    pub(crate) fn from_jiff(time: jiff::Timestamp) -> Self {
        Self(time)
    }
}

/// Reads `text` as microseconds since 1970. Done by hand, since the parser of [`jiff`] takes far more
/// than this form, and makes a component larger by 300 KB.
fn read(text: &str) -> Option<i64> {
    const DATE_AND_TIME: &str = "0000-00-00T00:00:00";
    let (date_and_time, rest) = text.split_at_checked(DATE_AND_TIME.len())?;
    let [year, month, day, hour, minute, second] = numbers(date_and_time, DATE_AND_TIME)?;
    let is_no_digit = |character: char| !character.is_ascii_digit();
    let (microseconds, offset) = match rest.strip_prefix('.') {
        Some(rest) => rest.split_at(rest.find(is_no_digit).filter(|digits| *digits > 0)?),
        None => ("", rest),
    };
    let microseconds: i32 = format!("{microseconds:0<6}").get(..6)?.parse().ok()?;
    let date = Date::new(year, month.try_into().ok()?, day.try_into().ok()?).ok()?;
    let time = Time::new(
        hour.try_into().ok()?,
        minute.try_into().ok()?,
        second.try_into().ok()?,
        microseconds * 1_000,
    );
    let time = read_offset(offset)?.to_timestamp(date.to_datetime(time.ok()?));
    Some(time.ok()?.as_microsecond())
}

fn read_offset(text: &str) -> Option<Offset> {
    if text.eq_ignore_ascii_case("Z") {
        return Some(Offset::UTC);
    }
    let [hours, minutes] = numbers(text, "+00:00").filter(|[_, minutes]| *minutes < 60)?;
    let seconds = (i32::from(hours) * 60 + i32::from(minutes)) * 60;
    let is_west = text.starts_with('-');
    Offset::from_seconds(if is_west { -seconds } else { seconds }).ok()
}

/// The numbers in `text` if it has the form of `pattern`: a digit for each `0`, either sign for `+`.
fn numbers<const COUNT: usize>(text: &str, pattern: &str) -> Option<[i16; COUNT]> {
    let has_form = text.len() == pattern.len()
        && text.bytes().zip(pattern.bytes()).all(|pair| match pair {
            (byte, b'0') => byte.is_ascii_digit(),
            (byte, b'T') => byte.eq_ignore_ascii_case(&b'T'),
            (byte, b'+') => byte == b'+' || byte == b'-',
            (byte, sign) => byte == sign,
        });
    let mut numbers = text
        .split(|character: char| !character.is_ascii_digit())
        .filter_map(|digits| digits.parse().ok());
    let numbers = std::array::from_fn(|_| numbers.next().unwrap_or_default());
    has_form.then_some(numbers)
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.6}", self.0)
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::testing::problem_of;

    #[test]
    fn every_form_of_the_standard_is_read_and_shown_in_utc() {
        for (text, shown) in [
            ("2026-11-25T04:02:19Z", "2026-11-25T04:02:19.000000Z"),
            ("2026-11-25t04:02:19.5z", "2026-11-25T04:02:19.500000Z"),
            (
                "2026-11-25T04:02:19.123456789+01:00",
                "2026-11-25T03:02:19.123456Z",
            ),
            ("2026-11-25T00:00:00-05:30", "2026-11-25T05:30:00.000000Z"),
            ("1970-01-01T00:00:00-00:00", "1970-01-01T00:00:00.000000Z"),
            ("2199-12-31T23:59:59.999999Z", "2199-12-31T23:59:59.999999Z"),
        ] {
            assert_eq!(Timestamp::parse(text).unwrap().to_string(), shown, "{text}");
        }
        let time = Timestamp::parse("2026-11-25T04:02:19.000001Z").unwrap();
        assert_eq!(json!(time), json!("2026-11-25T04:02:19.000001Z"));
        assert_eq!(time.unix_microseconds(), 1_795_579_339_000_001);
    }

    #[test]
    fn other_forms_and_impossible_times_are_refused() {
        for text in [
            "",
            "now",
            "2026-11-25",
            "2026-11-25T04:02Z",
            "2026-11-25T04:02:19",
            "2026-11-25 04:02:19Z",
            "2026-11-25T04:02:19.Z",
            "2026-11-25T04:02:19,5Z",
            "2026-11-25T04:02:19+1:00",
            "2026-11-25T04:02:19+0100",
            "2026-11-25T04:02:19Z[Europe/Berlin]",
            "2026-02-30T04:02:19Z",
            "2026-11-25T24:02:19Z",
            "20261125T040219Z",
            "1795579339",
            "2026-11-25T04:02:1é",
            "2026-11-25T04:02:19.5é",
            "2026-11-25T04:02:60Z",
            "2026-11-25T04:02:19+01:60",
            "2026-11-25T04:02:19+99:00",
            "+026-11-25T04:02:19Z",
        ] {
            assert_eq!(
                problem_of(Timestamp::parse(text)),
                json!([INVALID]),
                "{text:?}"
            );
        }
        for text in [
            "1969-12-31T23:59:59Z",
            "2200-01-01T00:00:00Z",
            "0001-01-01T00:00:00Z",
        ] {
            assert_eq!(
                problem_of(Timestamp::parse(text)),
                json!([OUT_OF_RANGE]),
                "{text:?}"
            );
        }
    }

    proptest! {
        #[test]
        fn times_survive_display_and_parse(microseconds in 0..END) {
            let time = Timestamp::from_unix_microseconds(microseconds);
            prop_assert_eq!(time.unix_microseconds(), microseconds);
            prop_assert_eq!(Timestamp::parse(&time.to_string()), Ok(time));
        }

        #[test]
        fn the_parser_of_the_library_reads_the_same(
            date in "(19[7-9]|20[0-9])[0-9]-[01][0-9]-[0-3][0-9]",
            time in "[0-2][0-9]:[0-6][0-9]:[0-5][0-9]",
            rest in "(\\.[0-9]{1,9})?([zZ]|[+-][0-2][0-9]:[0-5][0-9])",
        ) {
            let text = format!("{date}T{time}{rest}");
            let expected = text.parse().map(|time: jiff::Timestamp| time.as_microsecond());
            prop_assert_eq!(read(&text), expected.ok(), "{}", text);
        }

        #[test]
        fn any_text_and_any_number_are_answered(
            text in any::<String>(),
            close in "[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9:]{5,8}[.0-9]{0,9}[-+Zz0-9:]{0,6}",
            number in any::<i64>(),
        ) {
            let _ = Timestamp::parse(&text);
            let _ = Timestamp::parse(&close);
            prop_assert!((0..END).contains(&Timestamp::from_unix_microseconds(number).unix_microseconds()));
        }
    }
}
