//! What differs from run to run, checked for its form and replaced in snapshots.

use e2e::Jwt;
use insta::dynamic_redaction;
use insta::internals::{Content, ContentPath, Redaction};
use uuid::Uuid;

/// A UUID.
pub(crate) fn id() -> Redaction {
    replaced("[id]", |text| Uuid::parse_str(text).is_ok())
}

/// A moment: ISO 8601, UTC, microseconds and `Z`.
pub(crate) fn moment() -> Redaction {
    replaced("[moment]", |text| {
        form(text) == "0000-00-00T00:00:00.000000Z"
    })
}

/// A token of ours.
pub(crate) fn token() -> Redaction {
    replaced("[token]", |text| Jwt::read(text).claims.is_object())
}

/// A text that the test has made up.
pub(crate) fn text(name: &'static str) -> Redaction {
    replaced(name, |_| true)
}

fn replaced(name: &'static str, is_right: fn(&str) -> bool) -> Redaction {
    dynamic_redaction(move |value: Content, path: ContentPath<'_>| {
        let text = value.as_str().unwrap_or_default();
        assert!(is_right(text), "{path} should be {name}, not {value:?}");
        name
    })
}

/// The text with 0 for every digit.
fn form(text: &str) -> String {
    let zero = |letter: char| if letter.is_ascii_digit() { '0' } else { letter };
    text.chars().map(zero).collect()
}
