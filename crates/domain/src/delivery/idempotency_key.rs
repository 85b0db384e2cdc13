//! Names of attempts, so that a repeated one is told from a new one.

use crate::field_errors::Parsed;

const INVALID: &str =
    "Use 1 to 128 letters, digits, dots, underscores, colons or hyphens, all of them ASCII.";

/// What the caller calls a request: 1 to 128 of `A-Z a-z 0-9 . _ : -`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct IdempotencyKey(String);

impl IdempotencyKey {
    /// Longest key, in bytes.
    pub const LONGEST: usize = 128;

    /// # Errors
    /// If `text` is empty, longer or has another character.
    pub fn parse(text: &str) -> Parsed<Self> {
        let is_key = (1..=Self::LONGEST).contains(&text.len())
            && text
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"._:-".contains(&byte));
        if is_key {
            Ok(Self(text.to_owned()))
        } else {
            Err(INVALID.into())
        }
    }

    /// The key itself.
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
    fn only_short_plain_keys_are_read() {
        let longest = "a".repeat(128);
        for good in ["1", "order:42.shipped_A-b", longest.as_str()] {
            assert_eq!(IdempotencyKey::parse(good).unwrap().as_str(), good);
        }
        let too_long = "a".repeat(129);
        for bad in ["", " ", "a b", "a/b", "ä", "a\0", too_long.as_str()] {
            assert_eq!(
                problem_of(IdempotencyKey::parse(bad)),
                json!([INVALID]),
                "{bad:?}"
            );
        }
    }
}
