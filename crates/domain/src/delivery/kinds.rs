//! The fixed words that describe a message.

/// On which way a message reaches a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Channel {
    /// An e-mail to his address.
    Email,
    /// A push message to his devices.
    Push,
}

impl Channel {
    /// All channels.
    pub const ALL: [Self; 2] = [Self::Email, Self::Push];

    /// The channel that `word` names.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.as_str() == word)
    }

    /// The word for it in the API and the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Push => "push",
        }
    }

    /// What goes over it, in a sentence.
    pub(crate) fn noun(self) -> &'static str {
        match self {
            Self::Email => "e-mails",
            Self::Push => "push messages",
        }
    }
}

/// What a message is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Category {
    /// It advertises.
    Marketing,
    /// What the user did or has to do.
    Transactional,
    /// The safety of his account. It waits for nothing.
    Security,
    /// The service itself.
    System,
}

impl Category {
    /// All categories.
    pub const ALL: [Self; 4] = [
        Self::Marketing,
        Self::Transactional,
        Self::Security,
        Self::System,
    ];

    /// The category that `word` names.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.as_str() == word)
    }

    /// The word for it in the API and the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Marketing => "marketing",
            Self::Transactional => "transactional",
            Self::Security => "security",
            Self::System => "system",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_values_belong_together() {
        for word in ["email", "push"] {
            assert_eq!(Channel::from_word(word).unwrap().as_str(), word);
        }
        for word in ["marketing", "transactional", "security", "system"] {
            assert_eq!(Category::from_word(word).unwrap().as_str(), word);
        }
        assert_eq!(Channel::from_word("sms"), None);
        assert_eq!(Category::from_word("Security"), None);
    }
}
