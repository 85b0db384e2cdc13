//! The fixed words that describe a push token.

/// What kind of device a push token reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Platform {
    /// A browser.
    Web,
    /// An Android device.
    Android,
    /// An iPhone or iPad.
    Ios,
}

impl Platform {
    /// All platforms.
    pub const ALL: [Self; 3] = [Self::Web, Self::Android, Self::Ios];

    /// The platform that `word` names.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.as_str() == word)
    }

    /// The word for it in the API and the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Web => "web",
            Self::Android => "android",
            Self::Ios => "ios",
        }
    }
}

/// Which push service a token belongs to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PushTokenType {
    /// Firebase Cloud Messaging.
    #[default]
    Fcm,
    /// `OneSignal`.
    Onesignal,
    /// Web Push with a VAPID key (RFC 8292).
    Vapid,
}

impl PushTokenType {
    /// All types.
    pub const ALL: [Self; 3] = [Self::Fcm, Self::Onesignal, Self::Vapid];

    /// The type that `word` names.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.as_str() == word)
    }

    /// The word for it in the API and the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Fcm => "fcm",
            Self::Onesignal => "onesignal",
            Self::Vapid => "vapid",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_values_belong_together() {
        for word in ["web", "android", "ios"] {
            assert_eq!(Platform::from_word(word).unwrap().as_str(), word);
        }
        for word in ["fcm", "onesignal", "vapid"] {
            assert_eq!(PushTokenType::from_word(word).unwrap().as_str(), word);
        }
        assert_eq!(Platform::from_word("Web"), None);
        assert_eq!(PushTokenType::from_word("apns"), None);
    }
}
