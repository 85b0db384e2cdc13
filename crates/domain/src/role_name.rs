//! What a role is called.

use crate::field_errors::Parsed;

/// The name of a role: 1 to 63 lower-case letters, digits and hyphens, a letter first. Whether there is
/// such a role is for the database to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleName(String);

impl RoleName {
    /// Longest name, in characters.
    pub const LONGEST: usize = 63;

    /// # Errors
    /// If `text` is no name.
    pub fn parse(text: &str) -> Parsed<Self> {
        let is_name = text.len() <= Self::LONGEST
            && text.starts_with(|first: char| first.is_ascii_lowercase())
            && text
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        if is_name {
            Ok(Self(text.to_owned()))
        } else {
            Err(
                "A role's name has 1 to 63 lower-case letters, digits and hyphens, a letter first."
                    .into(),
            )
        }
    }

    /// The name itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_plain_words() {
        for name in ["admin", "support", "team-2"] {
            assert_eq!(RoleName::parse(name).unwrap().as_str(), name);
        }
        let too_long = "a".repeat(64);
        for name in ["", "Admin", "-a", "2a", "a b", "ä", too_long.as_str()] {
            assert!(RoleName::parse(name).is_err(), "{name}");
        }
    }
}
