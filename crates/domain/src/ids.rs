//! Typed ids, so that a session's is never taken for a user's.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};
use thiserror::Error;
use uuid::Uuid;

/// The text is not a UUID of 36 characters with hyphens (RFC 9562, section 4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("not a UUID")]
pub struct IdError;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Uuid);

        impl $name {
            /// Gives a UUID its meaning.
            pub fn new(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// Reads the form with hyphens, in either letter case; no braces, no `urn:`.
            ///
            /// # Errors
            /// If `text` has another form.
            pub fn parse(text: &str) -> Result<Self, IdError> {
                canonical(text).map(Self)
            }

            /// The UUID itself.
            pub fn as_uuid(self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                Self::parse(text)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(&self.0)
            }
        }
    };
}

id! {
    /// Which user.
    UserId
}
id! {
    /// Which session of a user: claim `sid` of both its tokens.
    SessionId
}
id! {
    /// Which push token's row; not the token itself.
    PushTokenId
}
id! {
    /// Which service account: claim `user_id` of its tokens.
    ServiceAccountId
}
id! {
    /// Which credential of a service account: claim `sid` of the tokens that it was given for.
    ServiceCredentialId
}

id! {
    /// Which token that was sent to an address: its row, not the token itself.
    AccountTokenId
}

id! {
    /// Which event: stable, whoever delivers it and however often.
    EventId
}

fn canonical(text: &str) -> Result<Uuid, IdError> {
    if text.len() == uuid::fmt::Hyphenated::LENGTH {
        Uuid::try_parse(text).map_err(|_| IdError)
    } else {
        Err(IdError)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TEXT: &str = "a8b99449-0370-4235-a274-fe2dff1c0862";

    #[test]
    fn only_the_hyphenated_form_is_read() {
        assert_eq!(UserId::parse(TEXT).unwrap().to_string(), TEXT);
        assert_eq!(
            UserId::parse(&TEXT.to_uppercase()).unwrap().to_string(),
            TEXT
        );
        for bad in [
            "",
            "nope",
            "a8b9944903704235a274fe2dff1c0862",
            "{a8b99449-0370-4235-a274-fe2dff1c0862}",
            "urn:uuid:a8b99449-0370-4235-a274-fe2dff1c0862",
            " a8b99449-0370-4235-a274-fe2dff1c0862",
            "a8b99449-0370-4235-a274-fe2dff1c086g",
            "a8b99449-0370-4235-a274-fe2dff1c086ä",
            "a8b994490370-4235-a274-fe2d-ff1c0862",
        ] {
            assert_eq!(bad.parse::<SessionId>(), Err(IdError), "{bad}");
        }
    }

    #[test]
    fn ids_serialize_as_text() {
        let id = PushTokenId::parse(TEXT).unwrap();
        assert_eq!(serde_json::to_string(&id).unwrap(), format!("\"{TEXT}\""));
    }

    proptest! {
        #[test]
        fn ids_survive_display_and_parse(number in any::<u128>(), text in any::<String>()) {
            let id = UserId::new(Uuid::from_u128(number));
            prop_assert_eq!(UserId::parse(&id.to_string()), Ok(id));
            let _ = UserId::parse(&text);
        }
    }
}
