//! What a link unsubscribes from.

use std::fmt;

use base64ct::{Base64UrlUnpadded, Encoding};
use serde_json::Value;
use thiserror::Error;
use uuid::Uuid;

use crate::delivery::{Category, Channel};
use crate::field_errors::FieldErrors;
use crate::ids::UserId;
use crate::input::Input;
use crate::values::{choice, id};

/// The form of the text. NEVER CHANGE IT, nor the codes below: links in mailboxes live for years. A
/// new form gets a new version.
const VERSION: char = '1';

/// Bytes of the text: the user's id, the channel, the category.
const LENGTH: usize = 18;

const CHANNELS: [(u8, Channel); 2] = [(1, Channel::Email), (2, Channel::Push)];

const CATEGORIES: [(u8, Category); 3] = [
    (1, Category::Marketing),
    (2, Category::Transactional),
    (3, Category::System),
];

/// Why there is no such link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum UnsubscribeError {
    /// Security messages can't be unsubscribed from by a link, which others may get to see.
    #[error("security messages can't be unsubscribed from")]
    Security,
    /// The text is none that this type wrote.
    #[error("not the target of an unsubscribe link")]
    Malformed,
}

/// The switch that a link turns off: of one user, on one channel, for one category.
///
/// Displays as 25 letters, digits, hyphens and underscores. That is neither secret nor signed:
/// whoever puts it into a link has to sign it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnsubscribeTarget {
    user: UserId,
    channel: Channel,
    category: Category,
}

impl UnsubscribeTarget {
    /// # Errors
    /// If the category is security.
    pub fn new(
        user: UserId,
        channel: Channel,
        category: Category,
    ) -> Result<Self, UnsubscribeError> {
        if category == Category::Security {
            return Err(UnsubscribeError::Security);
        }
        Ok(Self {
            user,
            channel,
            category,
        })
    }

    /// Reads the text that this type displays as.
    ///
    /// # Errors
    /// If `text` is another one.
    pub fn parse(text: &str) -> Result<Self, UnsubscribeError> {
        read(text).ok_or(UnsubscribeError::Malformed)
    }

    /// Reads what a service asks a link for: `user_id`, `category`, and `channel`, which is e-mail
    /// unless it is given.
    ///
    /// # Errors
    /// Everything that is wrong with the request.
    pub fn from_json(body: &Value) -> Result<Self, FieldErrors> {
        let mut input = Input::new(body)?;
        let user = input.required("user_id", id(UserId::parse));
        let channel = input.nullable("channel", choice(Channel::from_word));
        let category = input.required("category", choice(Category::from_word));
        if category == Some(Category::Security) {
            input.refuse("category", "Security messages can't be unsubscribed from.");
        }
        input.finish(|| {
            let channel = channel.flatten().unwrap_or(Channel::Email);
            Self::new(user?, channel, category?).ok()
        })
    }

    /// Whose switch.
    pub fn user(self) -> UserId {
        self.user
    }

    /// On which channel.
    pub fn channel(self) -> Channel {
        self.channel
    }

    /// For which category; never security.
    pub fn category(self) -> Category {
        self.category
    }
}

fn read(text: &str) -> Option<UnsubscribeTarget> {
    let mut bytes = [0; LENGTH];
    let length = Base64UrlUnpadded::decode(text.strip_prefix(VERSION)?, &mut bytes)
        .ok()?
        .len();
    let [user @ .., channel, category] = bytes;
    if length != LENGTH {
        return None;
    }
    let channel = CHANNELS.into_iter().find(|(code, _)| *code == channel)?.1;
    let category = CATEGORIES
        .into_iter()
        .find(|(code, _)| *code == category)?
        .1;
    UnsubscribeTarget::new(UserId::new(Uuid::from_bytes(user)), channel, category).ok()
}

impl fmt::Display for UnsubscribeTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let channel = CHANNELS.iter().find(|known| known.1 == self.channel);
        let category = CATEGORIES.iter().find(|known| known.1 == self.category);
        let (Some((channel, _)), Some((category, _))) = (channel, category) else {
            return Err(fmt::Error);
        };
        let mut bytes = [0; LENGTH];
        bytes[..16].copy_from_slice(self.user.as_uuid().as_bytes());
        bytes[16..].copy_from_slice(&[*channel, *category]);
        write!(f, "{VERSION}{}", Base64UrlUnpadded::encode_string(&bytes))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::testing::{arbitrary_json, errors_of};

    const USER: &str = "a8b99449-0370-4235-a274-fe2dff1c0862";

    fn user() -> UserId {
        UserId::parse(USER).unwrap()
    }

    #[test]
    fn the_text_of_a_target_never_changes() {
        let text = |channel, category| {
            let target = UnsubscribeTarget::new(user(), channel, category).unwrap();
            assert_eq!(UnsubscribeTarget::parse(&target.to_string()), Ok(target));
            target.to_string()
        };
        for (channel, category, expected) in [
            (
                Channel::Email,
                Category::Marketing,
                "1qLmUSQNwQjWidP4t_xwIYgEB",
            ),
            (
                Channel::Email,
                Category::Transactional,
                "1qLmUSQNwQjWidP4t_xwIYgEC",
            ),
            (
                Channel::Email,
                Category::System,
                "1qLmUSQNwQjWidP4t_xwIYgED",
            ),
            (
                Channel::Push,
                Category::Marketing,
                "1qLmUSQNwQjWidP4t_xwIYgIB",
            ),
        ] {
            assert_eq!(text(channel, category), expected);
        }
    }

    #[test]
    fn security_messages_have_no_link() {
        for channel in Channel::ALL {
            assert_eq!(
                UnsubscribeTarget::new(user(), channel, Category::Security),
                Err(UnsubscribeError::Security)
            );
        }
        let body = json!({"user_id": USER, "category": "security"});
        assert_eq!(
            errors_of(UnsubscribeTarget::from_json(&body)),
            json!({"category": ["Security messages can't be unsubscribed from."]})
        );
    }

    #[test]
    fn other_texts_are_refused() {
        let good = "1qLmUSQNwQjWidP4t_xwIYgEB";
        assert!(UnsubscribeTarget::parse(good).is_ok());
        for bad in [
            "",
            "1",
            &good[1..],
            &good[..24],
            &format!("{good}A"),
            &format!("{good}="),
            &format!("2{}", &good[1..]),
            &good.replace('_', "/"),
            "1qLmUSQNwQjWidP4t_xwIYgAB",
            "1qLmUSQNwQjWidP4t_xwIYgEA",
            "1qLmUSQNwQjWidP4t_xwIYgEE",
            "1qLmUSQNwQjWidP4t_xwIYgEé",
        ] {
            assert_eq!(
                UnsubscribeTarget::parse(bad),
                Err(UnsubscribeError::Malformed),
                "{bad}"
            );
        }
    }

    #[test]
    fn a_service_asks_for_a_link_by_user_and_category() {
        let mut body = json!({"user_id": USER, "category": "marketing"});
        let target = UnsubscribeTarget::from_json(&body).unwrap();
        assert_eq!(target.user(), user());
        assert_eq!(target.channel(), Channel::Email);
        assert_eq!(target.category(), Category::Marketing);
        body["channel"] = json!("push");
        let target = UnsubscribeTarget::from_json(&body).unwrap();
        assert_eq!(target.channel(), Channel::Push);

        let required = json!(["This field is required."]);
        assert_eq!(
            errors_of(UnsubscribeTarget::from_json(&json!({"channel": "sms"}))),
            json!({
                "user_id": required,
                "channel": ["\"sms\" is not a valid choice."],
                "category": required,
            })
        );
    }

    proptest! {
        #[test]
        fn a_target_survives_its_text(number in any::<u128>(), text in any::<String>(), close in "1[A-Za-z0-9_-]{24}") {
            let user = UserId::new(Uuid::from_u128(number));
            for (_, channel) in CHANNELS {
                for (_, category) in CATEGORIES {
                    let target = UnsubscribeTarget::new(user, channel, category).unwrap();
                    let text = target.to_string();
                    prop_assert_eq!(text.len(), 25);
                    prop_assert_eq!(UnsubscribeTarget::parse(&text), Ok(target));
                }
            }
            let _ = UnsubscribeTarget::parse(&text);
            if let Ok(target) = UnsubscribeTarget::parse(&close) {
                prop_assert_eq!(target.to_string(), close);
            }
        }

        #[test]
        fn any_body_is_answered(body in arbitrary_json()) {
            let _ = UnsubscribeTarget::from_json(&body);
        }
    }
}
