//! What a service account is called.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use crate::field_errors::Parsed;

const NOT_A_NAME: &str =
    "A service account's name has 1 to 63 lower-case letters, digits and hyphens, a letter first.";

/// The name of a service account, which is its `client_id`: 1 to 63 lower-case letters, digits and
/// hyphens, a letter first. So it needs no escape in a URL, in a form or in HTTP Basic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceName(String);

/// The text is no name of a service account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error(
    "a service account's name has 1 to 63 lower-case letters, digits and hyphens, a letter first"
)]
pub struct ServiceNameError;

impl ServiceName {
    /// Longest name, in characters.
    pub const LONGEST: usize = 63;

    /// Reads it from a request.
    ///
    /// # Errors
    /// The text that says what a name is.
    pub(crate) fn parse(text: &str) -> Parsed<Self> {
        text.parse().map_err(|ServiceNameError| NOT_A_NAME.into())
    }

    /// The name itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ServiceName {
    type Err = ServiceNameError;

    fn from_str(text: &str) -> Result<Self, ServiceNameError> {
        let is_name = text.len() <= ServiceName::LONGEST
            && text.starts_with(|first: char| first.is_ascii_lowercase())
            && text
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        is_name
            .then(|| Self(text.to_owned()))
            .ok_or(ServiceNameError)
    }
}

impl fmt::Display for ServiceName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_plain_words() {
        let longest = "a".repeat(63);
        for name in ["email-service", "a", "push2", longest.as_str()] {
            assert_eq!(name.parse::<ServiceName>().unwrap().as_str(), name);
        }
        let too_long = "a".repeat(64);
        for name in [
            "",
            "-a",
            "2a",
            "Email",
            "a b",
            "a:b",
            "ä",
            too_long.as_str(),
        ] {
            assert_eq!(name.parse::<ServiceName>(), Err(ServiceNameError), "{name}");
        }
    }
}
