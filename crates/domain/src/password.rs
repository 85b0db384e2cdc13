//! Passwords as clients send them.

use std::fmt;

use serde_json::Value;

use crate::field_errors::Parsed;
use crate::password_violation::PasswordViolation;
use crate::values::{BLANK, NOT_A_STRING, nul};

/// A password as it was typed: never trimmed, never cut, never shown.
///
/// `Debug` prints only the type's name. How many characters a new one may have is the policy's
/// matter; this type only keeps hopeless ones from being hashed.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

impl Password {
    /// Longest password that is looked at, in bytes. Far above the 128 characters that the policy
    /// allows, since imported passwords may be longer; it bounds the work of hashing.
    pub const MOST_BYTES: usize = 4096;

    /// Takes a password as it is.
    pub fn new(password: impl Into<String>) -> Self {
        Self(password.into())
    }

    /// The password itself.
    pub fn expose_secret(&self) -> &str {
        &self.0
    }

    /// Reads a password field. A whole number counts as text; another number does not, since its
    /// digits can't be told for certain.
    ///
    /// # Errors
    /// If it is empty, no text, holds NUL or is longer than 4,096 bytes.
    pub fn from_json(value: &Value) -> Parsed<Self> {
        let password = match value {
            Value::String(password) => password.clone(),
            Value::Number(number) if !number.is_f64() => number.to_string(),
            _ => return Err(NOT_A_STRING.into()),
        };
        if password.is_empty() {
            return Err(BLANK.into());
        }
        if password.len() > Self::MOST_BYTES {
            return Err(PasswordViolation::TooLong.text().into());
        }
        nul(&password).map_or(Ok(Self(password)), Err)
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::testing::{arbitrary_json, problem_of};
    use crate::values::NUL;

    #[test]
    fn passwords_are_taken_as_typed() {
        for (value, password) in [
            (json!("  p w  "), "  p w  "),
            (json!(" "), " "),
            (json!(12_345_678), "12345678"),
            (json!("ﬁ😀"), "ﬁ😀"),
        ] {
            assert_eq!(
                Password::from_json(&value).unwrap().expose_secret(),
                password
            );
        }
        assert!(Password::from_json(&json!("a".repeat(4096))).is_ok());
    }

    #[test]
    fn what_cannot_be_a_password_is_refused() {
        let long = "Ensure this field has no more than 128 characters.";
        for (value, text) in [
            (json!(""), BLANK),
            (json!("a\0b"), NUL),
            (json!(1.5), NOT_A_STRING),
            (
                json!(123_456_789_012_345_678_901_234_567_890_f64),
                NOT_A_STRING,
            ),
            (json!(false), NOT_A_STRING),
            (json!(["p"]), NOT_A_STRING),
            (json!("a".repeat(4097)), long),
        ] {
            assert_eq!(problem_of(Password::from_json(&value)), json!([text]));
        }
    }

    #[test]
    fn debug_output_does_not_hold_the_password() {
        assert_eq!(format!("{:?}", Password::new("secret")), "Password");
    }

    proptest! {
        #[test]
        fn any_value_is_answered(value in arbitrary_json()) {
            if let Ok(password) = Password::from_json(&value) {
                prop_assert!(!password.expose_secret().is_empty());
            }
        }
    }
}
