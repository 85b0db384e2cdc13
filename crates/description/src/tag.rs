//! The groups of operations.

use serde_json::{Value, json};

/// A group of operations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tag {
    /// Signing up, in and out.
    SigningIn,
    /// One's own account.
    Account,
    /// One's own devices.
    PushTokens,
    /// By a message to an address.
    Recovery,
    /// For other services.
    Services,
    /// Links in messages.
    Unsubscribing,
    /// For administrators and support.
    Administration,
    /// For operators.
    Operation,
}

impl Tag {
    const ALL: [Self; 8] = [
        Self::SigningIn,
        Self::Account,
        Self::PushTokens,
        Self::Recovery,
        Self::Services,
        Self::Unsubscribing,
        Self::Administration,
        Self::Operation,
    ];

    /// Its name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::SigningIn => "Signing in",
            Self::Account => "Account",
            Self::PushTokens => "Push tokens",
            Self::Recovery => "By a message",
            Self::Services => "Services",
            Self::Unsubscribing => "Unsubscribing",
            Self::Administration => "Administration",
            Self::Operation => "Operation",
        }
    }

    fn description(self) -> &'static str {
        match self {
            Self::SigningIn => "Signing up and in, the next pair of tokens, the end of sessions.",
            Self::Account => "What a user keeps here, and what is known of him.",
            Self::PushTokens => "The devices on which a user is reached.",
            Self::Recovery => "What goes by a message to the user's address.",
            Self::Services => "What other services ask for, with tokens of their own.",
            Self::Unsubscribing => {
                "Signed links in messages, by which anybody who holds one stops messages of its kind."
            }
            Self::Administration => "What administrators and support do.",
            Self::Operation => "For operators, timers and monitoring.",
        }
    }
}

/// The document's `tags`.
pub(crate) fn tags() -> Value {
    Tag::ALL
        .into_iter()
        .map(|tag| json!({"name": tag.name(), "description": tag.description()}))
        .collect()
}
