//! The texts for what the password policy finds. The policy itself is the credentials component's.

use crate::field_errors::Problem;
use crate::values::refuse_all;

/// A rule of the password policy, in the order in which broken rules are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordViolation {
    /// Fewer than 8 characters.
    TooShort,
    /// More than 128 characters.
    TooLong,
    /// In the list of the most used passwords.
    TooCommon,
    /// Digits only.
    EntirelyNumeric,
    /// Like the e-mail address or the name.
    TooSimilar,
    /// In a list of passwords that were breached elsewhere.
    Breached,
}

impl PasswordViolation {
    /// Fewest characters of a new password, as the policy has it.
    pub const FEWEST_CHARACTERS: usize = 8;
    /// Most characters of a new password, as the policy has it.
    pub const MOST_CHARACTERS: usize = 128;

    /// What the client is told; Django's texts where it has one.
    pub fn text(self) -> &'static str {
        match self {
            Self::TooShort => "This password is too short. It must contain at least 8 characters.",
            Self::TooLong => "Ensure this field has no more than 128 characters.",
            Self::TooCommon => "This password is too common.",
            Self::EntirelyNumeric => "This password is entirely numeric.",
            Self::TooSimilar => "The password is too similar to the email address or name.",
            Self::Breached => "This password has been found in a data breach. Choose another one.",
        }
    }
}

/// All that is wrong with a password; `None` if it may be set.
pub fn problem(violations: &[PasswordViolation]) -> Option<Problem> {
    refuse_all(violations.iter().map(|violation| violation.text().into())).err()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn all_broken_rules_are_listed() {
        let found = [
            PasswordViolation::TooShort,
            PasswordViolation::TooCommon,
            PasswordViolation::EntirelyNumeric,
        ];
        assert_eq!(
            json!(problem(&found)),
            json!([
                "This password is too short. It must contain at least 8 characters.",
                "This password is too common.",
                "This password is entirely numeric.",
            ])
        );
        assert_eq!(problem(&[]), None);
    }
}
