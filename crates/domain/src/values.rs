//! Parsers for single JSON values, with the old service's texts (Django REST framework's fields).

use serde_json::Value;

use crate::field_errors::{Parsed, Problem};
use crate::ids::IdError;
pub use crate::integer::integer;
use crate::text::{cut, is_longer_than, trim};

pub(crate) const NOT_A_STRING: &str = "Not a valid string.";
pub(crate) const BLANK: &str = "This field may not be blank.";
pub(crate) const NUL: &str = "Null characters are not allowed.";
const NOT_AN_ID: &str = "Must be a valid UUID.";
const NOT_A_BOOLEAN: &str = "Must be a valid boolean.";

/// How much of a refused choice is repeated in its error.
const ECHO_LIMIT: usize = 100;

/// Text without surrounding white space, not blank, of at most `limit` code points.
pub fn text(limit: usize) -> impl Fn(&Value) -> Parsed<String> {
    move |value| {
        let text = text_or_blank(limit)(value)?;
        if text.is_empty() {
            Err(BLANK.into())
        } else {
            Ok(text)
        }
    }
}

/// Text without surrounding white space, perhaps empty, of at most `limit` code points.
pub fn text_or_blank(limit: usize) -> impl Fn(&Value) -> Parsed<String> {
    move |value| {
        let text = untrimmed(value)?;
        let text = trim(&text);
        refuse_all(too_long(text, limit).into_iter().chain(nul(text)))?;
        Ok(text.to_owned())
    }
}

/// Text without surrounding white space, not blank, that `parse` makes a `T` of.
pub fn parsed<T>(parse: impl Fn(&str) -> Parsed<T>) -> impl Fn(&Value) -> Parsed<T> {
    move |value| match trim(&untrimmed(value)?) {
        "" => Err(BLANK.into()),
        text => parse(text),
    }
}

/// Text without surrounding white space, perhaps empty, that `parse` makes a `T` of.
pub fn parsed_or_blank<T>(parse: impl Fn(&str) -> Parsed<T>) -> impl Fn(&Value) -> Parsed<T> {
    move |value| parse(trim(&untrimmed(value)?))
}

/// A boolean, or one of the words and numbers that stand for one, in any letter case.
///
/// # Errors
/// If it is none of them.
pub fn boolean(value: &Value) -> Parsed<bool> {
    let word = match value {
        Value::Bool(boolean) => return Ok(*boolean),
        Value::Number(number) if number.as_f64() == Some(1.0) => return Ok(true),
        Value::Number(number) if number.as_f64() == Some(0.0) => return Ok(false),
        Value::String(word) => trim(word).to_ascii_lowercase(),
        _ => return Err(NOT_A_BOOLEAN.into()),
    };
    match word.as_str() {
        "t" | "y" | "yes" | "true" | "on" | "1" => Ok(true),
        "f" | "n" | "no" | "false" | "off" | "0" => Ok(false),
        _ => Err(NOT_A_BOOLEAN.into()),
    }
}

/// One of a fixed set of words; `choose` knows them.
pub fn choice<T>(choose: impl Fn(&str) -> Option<T>) -> impl Fn(&Value) -> Parsed<T> {
    move |value| {
        let given = match value {
            Value::String(text) => trim(text).to_owned(),
            other => other.to_string(),
        };
        choose(&given)
            .ok_or_else(|| format!("\"{}\" is not a valid choice.", cut(&given, ECHO_LIMIT)).into())
    }
}

/// A UUID that `parse` gives its meaning.
pub fn id<T>(parse: impl Fn(&str) -> Result<T, IdError>) -> impl Fn(&Value) -> Parsed<T> {
    parsed(move |text| parse(text).map_err(|_| NOT_AN_ID.into()))
}

/// Text as it was sent. Numbers count as text, booleans, lists and objects do not.
pub(crate) fn untrimmed(value: &Value) -> Parsed<String> {
    match value {
        Value::String(text) => Ok(text.clone()),
        Value::Number(number) => Ok(number.to_string()),
        _ => Err(NOT_A_STRING.into()),
    }
}

/// The error of a text of more than `limit` code points.
pub(crate) fn too_long(text: &str, limit: usize) -> Option<Problem> {
    is_longer_than(text, limit)
        .then(|| format!("Ensure this field has no more than {limit} characters.").into())
}

/// The error of a text with NUL in it, which PostgreSQL cannot store.
pub(crate) fn nul(text: &str) -> Option<Problem> {
    text.contains('\0').then(|| NUL.into())
}

/// Fails with all of `problems` together, if there are any.
pub(crate) fn refuse_all(problems: impl IntoIterator<Item = Problem>) -> Parsed<()> {
    match problems.into_iter().reduce(Problem::and) {
        None => Ok(()),
        Some(problem) => Err(problem),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::ids::UserId;
    use crate::testing::{arbitrary_json, problem_of};

    #[test]
    fn text_is_trimmed_bounded_and_never_blank() {
        let read = text(5);
        assert_eq!(read(&json!(" a b ")), Ok("a b".to_owned()));
        assert_eq!(read(&json!("añ😀bc")), Ok("añ😀bc".to_owned()));
        assert_eq!(read(&json!(12345)), Ok("12345".to_owned()));
        assert_eq!(read(&json!(1.5)), Ok("1.5".to_owned()));
        for (value, texts) in [
            (json!(""), vec![BLANK]),
            (json!(" \t\u{3000}"), vec![BLANK]),
            (json!(true), vec![NOT_A_STRING]),
            (json!(["a"]), vec![NOT_A_STRING]),
            (json!({}), vec![NOT_A_STRING]),
            (
                json!("abcdef"),
                vec!["Ensure this field has no more than 5 characters."],
            ),
            (json!("a\0b"), vec![NUL]),
            (
                json!("a\0bcdef"),
                vec!["Ensure this field has no more than 5 characters.", NUL],
            ),
        ] {
            assert_eq!(problem_of(read(&value)), json!(texts), "{value}");
        }
        assert_eq!(text_or_blank(5)(&json!("  ")), Ok(String::new()));
    }

    #[test]
    fn booleans_are_read_as_by_django() {
        for yes in [
            json!(true),
            json!(1),
            json!(1.0),
            json!("True"),
            json!("on"),
            json!(" Y "),
        ] {
            assert_eq!(boolean(&yes), Ok(true), "{yes}");
        }
        for no in [
            json!(false),
            json!(0),
            json!("0"),
            json!("OFF"),
            json!("n"),
            json!("False"),
        ] {
            assert_eq!(boolean(&no), Ok(false), "{no}");
        }
        for bad in [
            json!("maybe"),
            json!(""),
            json!(2),
            json!([]),
            json!({}),
            json!("null"),
        ] {
            assert_eq!(problem_of(boolean(&bad)), json!([NOT_A_BOOLEAN]), "{bad}");
        }
    }

    #[test]
    fn a_refused_choice_is_repeated_but_not_at_length() {
        let read = choice(|word| (word == "web").then_some(()));
        assert_eq!(read(&json!(" web ")), Ok(()));
        assert_eq!(
            problem_of(read(&json!("tv"))),
            json!(["\"tv\" is not a valid choice."])
        );
        assert_eq!(
            problem_of(read(&json!(5))),
            json!(["\"5\" is not a valid choice."])
        );
        let long = problem_of(read(&json!("x".repeat(5_000)))).to_string();
        assert!(long.len() < 200, "{long}");
    }

    #[test]
    fn an_id_is_read_from_its_text() {
        let uuid = "a8b99449-0370-4235-a274-fe2dff1c0862";
        let read = id(UserId::parse);
        assert_eq!(
            read(&json!(format!(" {uuid} "))),
            Ok(UserId::parse(uuid).unwrap())
        );
        for (value, text) in [
            (json!("42"), NOT_AN_ID),
            (json!(42), NOT_AN_ID),
            (json!(""), BLANK),
            (json!([uuid]), NOT_A_STRING),
        ] {
            assert_eq!(problem_of(read(&value)), json!([text]), "{value}");
        }
    }

    proptest! {
        #[test]
        fn no_value_makes_a_parser_panic(value in arbitrary_json(), limit in 0_usize..10) {
            let _ = boolean(&value);
            let _ = choice(|_| None::<()>)(&value);
            if let Ok(text) = text(limit)(&value) {
                prop_assert!(!text.is_empty() && text.chars().count() <= limit);
                prop_assert_eq!(trim(&text), &text);
            }
        }
    }
}
