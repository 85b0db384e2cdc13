//! Whole numbers in requests, which old clients also send as text.

use serde_json::{Number, Value};

use crate::field_errors::Parsed;
use crate::text::trim;

const NOT_AN_INTEGER: &str = "A valid integer is required.";

/// A whole number within the bounds, as a number or as text; `50.0` is whole too.
pub fn integer(least: i64, most: i64) -> impl Fn(&Value) -> Parsed<i64> {
    move |value| {
        let digits = match value {
            Value::Number(number) => integer_text(number),
            Value::String(text) => Some(trim(text).to_owned()),
            _ => None,
        };
        let number = digits
            .as_deref()
            .and_then(parse_integer)
            .ok_or(NOT_AN_INTEGER)?;
        if number > i128::from(most) {
            return Err(format!("Ensure this value is less than or equal to {most}.").into());
        }
        i64::try_from(number)
            .ok()
            .filter(|number| *number >= least)
            .ok_or_else(|| format!("Ensure this value is greater than or equal to {least}.").into())
    }
}

/// The digits of a JSON number that is whole. One too large for 64 bits was read as a float.
fn integer_text(number: &Number) -> Option<String> {
    match number.as_f64() {
        Some(float) if number.is_f64() => (float.fract() == 0.0).then(|| format!("{float:.0}")),
        _ => Some(number.to_string()),
    }
}

/// Reads an integer in decimal, with a sign and zeros after a point allowed. One beyond 128 bits
/// becomes the bound that it exceeds.
fn parse_integer(text: &str) -> Option<i128> {
    let whole = match text.split_once('.') {
        Some((whole, zeros)) if zeros.bytes().all(|digit| digit == b'0') => whole,
        Some(_) => return None,
        None => text,
    };
    let (negative, digits) = match whole.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, whole.strip_prefix('+').unwrap_or(whole)),
    };
    if digits.is_empty() || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let size = digits.parse().unwrap_or(i128::MAX);
    Some(if negative { -size } else { size })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::testing::{arbitrary_json, problem_of};

    #[test]
    fn integers_are_whole_and_within_bounds() {
        let read = integer(0, 2_147_483_647);
        for (value, number) in [
            (json!(0), 0),
            (json!(50.0), 50),
            (json!(" 50 "), 50),
            (json!("+50.00"), 50),
            (json!(2_147_483_647), 2_147_483_647),
            (json!("-0"), 0),
        ] {
            assert_eq!(read(&value), Ok(number), "{value}");
        }
        let (low, high) = (
            "Ensure this value is greater than or equal to 0.",
            "Ensure this value is less than or equal to 2147483647.",
        );
        for (value, text) in [
            (json!(3_000_000_000_u64), high),
            (json!(1e30), high),
            (json!(u64::MAX), high),
            (json!("9".repeat(60)), high),
            (json!(-1), low),
            (json!(-1e300), low),
            (json!(format!("-{}", "9".repeat(60))), low),
            (json!(1.5), NOT_AN_INTEGER),
            (json!("1.5"), NOT_AN_INTEGER),
            (json!(""), NOT_AN_INTEGER),
            (json!("-"), NOT_AN_INTEGER),
            (json!("--1"), NOT_AN_INTEGER),
            (json!("1_000"), NOT_AN_INTEGER),
            (json!("٣"), NOT_AN_INTEGER),
            (json!(true), NOT_AN_INTEGER),
            (json!([1]), NOT_AN_INTEGER),
        ] {
            assert_eq!(problem_of(read(&value)), json!([text]), "{value}");
        }
    }

    proptest! {
        #[test]
        fn an_integer_reads_the_same_as_number_and_as_text(number in any::<i64>()) {
            let read = integer(i64::MIN, i64::MAX);
            prop_assert_eq!(read(&json!(number)), Ok(number));
            prop_assert_eq!(read(&json!(number.to_string())), Ok(number));
        }

        #[test]
        fn no_value_is_read_beyond_the_bounds(value in arbitrary_json(), text in "[0-9+.-]{0,50}") {
            for value in [value, json!(text)] {
                if let Ok(number) = integer(-5, 10)(&value) {
                    prop_assert!((-5..=10).contains(&number));
                }
            }
        }
    }
}
