//! What a service may do: the words that its account and its tokens list.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// One thing that a service may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ServicePermission {
    /// Read and look up users.
    UsersRead,
    /// Read how a user wants to be notified.
    PreferencesRead,
    /// Read a user's active push tokens with their values: for who sends to the devices.
    PushTokensRead,
    /// Ask whether a notification may go out.
    DeliveryDecide,
    /// Report push tokens as invalid.
    PushTokensFeedback,
    /// Ask for links by which a user unsubscribes.
    UnsubscribeLink,
    /// Look at templates as the template service gives them.
    TemplatesPreview,
    /// Ask whether a token is good, and what it says.
    TokensIntrospect,
    /// End the session that a token belongs to.
    TokensRevoke,
}

/// The text is no permission.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{text:?} is no permission; there are: {known}", text = .0, known = names(&ServicePermission::ALL))]
pub struct PermissionError(String);

impl ServicePermission {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::UsersRead,
        Self::PreferencesRead,
        Self::PushTokensRead,
        Self::DeliveryDecide,
        Self::PushTokensFeedback,
        Self::UnsubscribeLink,
        Self::TemplatesPreview,
        Self::TokensIntrospect,
        Self::TokensRevoke,
    ];

    /// Its name, as in an account, a token's `scope` and on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::UsersRead => "users:read",
            Self::PreferencesRead => "preferences:read",
            Self::PushTokensRead => "push-tokens:read",
            Self::DeliveryDecide => "delivery:decide",
            Self::PushTokensFeedback => "push-tokens:feedback",
            Self::UnsubscribeLink => "unsubscribe:link",
            Self::TemplatesPreview => "templates:preview",
            Self::TokensIntrospect => "tokens:introspect",
            Self::TokensRevoke => "tokens:revoke",
        }
    }

    /// What it is for, in a sentence.
    pub fn description(self) -> &'static str {
        match self {
            Self::UsersRead => "Read and look up users.",
            Self::PreferencesRead => "Read how a user wants to be notified.",
            Self::PushTokensRead => "Read a user's active push tokens with their values.",
            Self::DeliveryDecide => "Ask whether a notification may go out.",
            Self::PushTokensFeedback => "Report push tokens as invalid.",
            Self::UnsubscribeLink => "Ask for links by which a user unsubscribes.",
            Self::TemplatesPreview => "Look at templates as the template service gives them.",
            Self::TokensIntrospect => "Ask whether a token is good, and what it says.",
            Self::TokensRevoke => "End the session that a token belongs to.",
        }
    }
}

impl FromStr for ServicePermission {
    type Err = PermissionError;

    fn from_str(text: &str) -> Result<Self, PermissionError> {
        let known = Self::ALL.into_iter().find(|known| known.as_str() == text);
        known.ok_or_else(|| PermissionError(text.to_owned()))
    }
}

impl fmt::Display for ServicePermission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

fn names(permissions: &[ServicePermission]) -> String {
    let names: Vec<_> = permissions
        .iter()
        .map(|permission| permission.as_str())
        .collect();
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_permission_is_read_by_its_name() {
        for permission in ServicePermission::ALL {
            assert_eq!(permission.to_string().parse(), Ok(permission));
        }
    }

    #[test]
    fn another_word_is_refused_and_the_right_ones_are_listed() {
        for text in ["", "users", "users:write", "Users:Read", " users:read", "*"] {
            let error = text.parse::<ServicePermission>().unwrap_err().to_string();
            assert!(error.starts_with(&format!("{text:?} is no permission")));
            assert!(error.contains("users:read, preferences:read,"), "{error}");
        }
    }
}
