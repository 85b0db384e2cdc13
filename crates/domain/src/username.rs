//! User names.

use serde::{Serialize, Serializer};
use unicode_properties::{GeneralCategoryGroup, UnicodeGeneralCategory};

use crate::email::Email;
use crate::field_errors::Parsed;
use crate::text::cut;
use crate::values::{refuse_all, too_long};

const INVALID: &str = "Enter a valid username. This value may contain only letters, numbers, and @/./+/-/_ characters.";

/// How many names are tried before the one with random digits.
const PLAIN_TRIES: u32 = 10;

/// A user name: 1 to 150 letters and digits of any script and `@.+-_`, as Django's
/// `UnicodeUsernameValidator` has it. Unique ignoring case, which the database holds.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Username(String);

impl Username {
    /// Longest user name, in characters.
    pub const LONGEST: usize = 150;

    /// # Errors
    /// All rules that `text` breaks.
    pub fn parse(text: &str) -> Parsed<Self> {
        let fine = !text.is_empty() && text.chars().all(is_allowed);
        let invalid = (!fine).then(|| INVALID.into());
        refuse_all(invalid.into_iter().chain(too_long(text, Self::LONGEST)))?;
        Ok(Self(text.to_owned()))
    }

    /// The names that a new account may get, in the order of trying: the address's local part, then
    /// the same with 1 to 9 behind it, and last with six digits of `random` (counted modulo a million).
    ///
    /// A long local part is cut so that each fits.
    pub fn candidates(email: &Email, random: u32) -> Vec<Self> {
        let base: String = email
            .local_part()
            .chars()
            .map(|character| {
                if is_allowed(character) {
                    character
                } else {
                    '_'
                }
            })
            .collect();
        let numbered = (1..PLAIN_TRIES).map(|number| number.to_string());
        let last = format!("{:06}", random % 1_000_000);
        std::iter::once(String::new())
            .chain(numbered)
            .chain([last])
            .map(|suffix| {
                Self(format!(
                    "{}{suffix}",
                    cut(&base, Self::LONGEST - suffix.len())
                ))
            })
            .collect()
    }

    /// The name as it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Serialize for Username {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

/// Python's `[\w.@+-]`: letters and numbers of any script.
fn is_allowed(character: char) -> bool {
    matches!(character, '_' | '.' | '@' | '+' | '-')
        || character.is_ascii_alphanumeric()
        || matches!(
            character.general_category_group(),
            GeneralCategoryGroup::Letter | GeneralCategoryGroup::Number
        )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::testing::problem_of;

    fn candidates(email: &str, random: u32) -> Vec<String> {
        let email = Email::parse(email).unwrap();
        Username::candidates(&email, random)
            .into_iter()
            .map(|name| name.0)
            .collect()
    }

    #[test]
    fn letters_and_digits_of_any_script_are_allowed() {
        for name in ["a", "Ada.L@x+y-z_1", "Ünïcödé", "日本語", "اسم", "½", "٣"] {
            assert_eq!(Username::parse(name).unwrap().as_str(), name);
        }
    }

    #[test]
    fn everything_else_is_refused() {
        for name in [
            "",
            "two words",
            "a!",
            "a\0",
            "a\n",
            "😀",
            "a\u{301}",
            "a/b",
            "\u{200b}",
        ] {
            assert_eq!(
                problem_of(Username::parse(name)),
                json!([INVALID]),
                "{name:?}"
            );
        }
        let long = "Ensure this field has no more than 150 characters.";
        assert_eq!(problem_of(Username::parse(&"ä".repeat(151))), json!([long]));
        assert_eq!(
            problem_of(Username::parse(&" ".repeat(151))),
            json!([INVALID, long])
        );
        assert!(Username::parse(&"ä".repeat(150)).is_ok());
    }

    #[test]
    fn candidates_are_tried_from_plain_to_random() {
        assert_eq!(
            candidates("Ada!L@example.com", 42),
            [
                "ada_l",
                "ada_l1",
                "ada_l2",
                "ada_l3",
                "ada_l4",
                "ada_l5",
                "ada_l6",
                "ada_l7",
                "ada_l8",
                "ada_l9",
                "ada_l000042"
            ]
        );
        assert_eq!(candidates("a@b.co", 7_654_321)[10], "a654321");
    }

    #[test]
    fn a_long_local_part_is_cut_to_make_room() {
        let names = candidates(&format!("{}@b.co", "a".repeat(200)), 999_999);
        assert!(names.iter().all(|name| name.len() == 150), "{names:?}");
        assert!(names[10].ends_with("a999999"));
    }

    proptest! {
        #[test]
        fn candidates_are_valid_and_hardly_repeat(
            local_part in "[a-zA-Z0-9!#$%&'*+/=?^_`{|}~-]{1,230}",
            random in any::<u32>(),
        ) {
            let email = Email::parse(&format!("{local_part}@example.com")).unwrap();
            let names = Username::candidates(&email, random);
            for name in &names {
                prop_assert_eq!(Username::parse(name.as_str()), Ok(name.clone()));
            }
            let distinct: std::collections::HashSet<_> = names.iter().collect();
            // A name cut to 150 may happen to end like one of the others.
            prop_assert!(distinct.len() >= 9, "{:?}", names);
        }

        #[test]
        fn any_text_is_answered(text in any::<String>()) {
            let _ = Username::parse(&text);
        }
    }
}
