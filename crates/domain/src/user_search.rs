//! `search=`: how an e-mail address, a user name, a name or an identifier begins.

use uuid::Uuid;

use crate::field_errors::Parsed;
use crate::text::trim;
use crate::values::{BLANK, nul, refuse_all, too_long};

/// Hex digits of an identifier.
const DIGITS: usize = 32;

/// What a user is searched by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserSearch {
    /// A pattern of SQL's LIKE for texts in lower case.
    pub pattern: String,
    /// The first and the last identifier that begins so, if one does.
    pub ids: Option<(Uuid, Uuid)>,
}

impl UserSearch {
    /// Longest search, in characters.
    pub const LONGEST: usize = 100;

    /// Reads the parameter `search`.
    ///
    /// # Errors
    /// If it is blank, longer than 100 characters, or holds NUL.
    pub fn parse(text: &str) -> Parsed<Self> {
        let text = trim(text);
        let blank = text.is_empty().then(|| BLANK.into());
        refuse_all(
            blank
                .into_iter()
                .chain(too_long(text, Self::LONGEST))
                .chain(nul(text)),
        )?;
        let lower = text.to_lowercase();
        Ok(Self {
            pattern: pattern(&lower),
            ids: ids(&lower),
        })
    }
}

/// The pattern of what begins with `text`: its own `%`, `_` and `\` stand for themselves.
fn pattern(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() + 1);
    for character in text.chars() {
        if matches!(character, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern.push('%');
    pattern
}

/// The identifiers that begin with `text`, which has its hyphens where they belong or none.
fn ids(text: &str) -> Option<(Uuid, Uuid)> {
    let hyphenated = text
        .char_indices()
        .all(|(index, character)| (character == '-') == [8, 13, 18, 23].contains(&index));
    let digits = if hyphenated {
        text.replace('-', "")
    } else {
        text.to_owned()
    };
    let is_hex = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    if !is_hex || digits.len() > DIGITS {
        return None;
    }
    let first = Uuid::try_parse(&format!("{digits:0<DIGITS$}")).ok()?;
    let last = Uuid::try_parse(&format!("{digits:f<DIGITS$}")).ok()?;
    Some((first, last))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::testing::problem_of;

    #[test]
    fn the_search_is_for_texts_in_lower_case_as_they_stand() {
        let search = UserSearch::parse(r" Ada_L\% ").unwrap();
        assert_eq!(search.pattern, r"ada\_l\\\%%");
        assert_eq!(search.ids, None);
    }

    #[test]
    fn the_beginning_of_an_identifier_is_a_range_of_them() {
        for text in ["a8b99449-0370-4", "a8b9944903704"] {
            let (first, last) = UserSearch::parse(text).unwrap().ids.expect("a range");
            assert_eq!(first.to_string(), "a8b99449-0370-4000-0000-000000000000");
            assert_eq!(last.to_string(), "a8b99449-0370-4fff-ffff-ffffffffffff");
        }
        for text in ["a8b9-", "g", "ada@example.com", &"a".repeat(33)] {
            assert_eq!(UserSearch::parse(text).unwrap().ids, None, "{text}");
        }
    }

    #[test]
    fn what_can_be_no_beginning_is_refused() {
        assert_eq!(
            problem_of(UserSearch::parse(" ")),
            json!(["This field may not be blank."])
        );
        assert!(UserSearch::parse(&"a".repeat(101)).is_err());
        assert!(UserSearch::parse("a\0").is_err());
    }

    proptest! {
        #[test]
        fn an_identifier_lies_in_the_range_of_each_of_its_beginnings(
            number in any::<u128>(),
            length in 1_usize..=36,
        ) {
            let id = Uuid::from_u128(number);
            let (first, last) = UserSearch::parse(&id.to_string()[..length]).unwrap().ids.expect("a range");
            prop_assert!(first <= id && id <= last);
        }

        #[test]
        fn any_text_is_answered(text in any::<String>()) {
            let _ = UserSearch::parse(&text);
        }
    }
}
