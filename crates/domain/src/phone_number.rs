//! Telephone numbers.

use crate::field_errors::Parsed;
use crate::values::{nul, refuse_all, too_long};

/// A telephone number as its owner writes it, of at most 20 characters. It may be empty, as in the
/// old service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhoneNumber(String);

impl PhoneNumber {
    /// Longest telephone number, in characters.
    pub const LONGEST: usize = 20;

    /// # Errors
    /// If `text` is longer than 20 characters or holds NUL.
    pub fn parse(text: &str) -> Parsed<Self> {
        refuse_all(too_long(text, Self::LONGEST).into_iter().chain(nul(text)))?;
        Ok(Self(text.to_owned()))
    }

    /// The number as it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::problem_of;

    #[test]
    fn up_to_twenty_characters_fit() {
        for text in ["", "1", "+2348012345678", "(030) 123 456-7 x 890"] {
            assert_eq!(PhoneNumber::parse(text).is_ok(), text.len() <= 20, "{text}");
        }
        let long = "Ensure this field has no more than 20 characters.";
        assert_eq!(
            problem_of(PhoneNumber::parse(&"1".repeat(21))),
            json!([long])
        );
        assert_eq!(
            problem_of(PhoneNumber::parse("1\0")),
            json!(["Null characters are not allowed."])
        );
    }
}
