//! What `PUT` and `PATCH /profile` ask for.

use serde_json::Value;

use crate::avatar_url::AvatarUrl;
use crate::field_errors::{FieldErrors, Parsed};
use crate::input::Input;
use crate::language_tag::LanguageTag;
use crate::phone_number::PhoneNumber;
use crate::time_zone::TimeZone;
use crate::username::Username;
use crate::values::{parsed, parsed_or_blank, text_or_blank};

/// Changes to a user; what is `None` stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProfileChange {
    /// The new user name.
    pub username: Option<Username>,
    /// The new telephone number; `Some(None)` removes it.
    pub phone_number: Option<Option<PhoneNumber>>,
    /// Changes to the profile.
    pub profile: ProfileFields,
}

/// Changes to a user's profile; what is `None` stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProfileFields {
    /// At most 100 characters, perhaps none.
    pub first_name: Option<String>,
    /// At most 100 characters, perhaps none.
    pub last_name: Option<String>,
    /// Where the picture is; `Some(None)` removes it.
    pub avatar_url: Option<Option<AvatarUrl>>,
    /// The user's time zone.
    pub timezone: Option<TimeZone>,
    /// The user's language.
    pub language: Option<LanguageTag>,
    /// At most 10,000 characters, perhaps none.
    pub bio: Option<String>,
}

impl ProfileChange {
    /// # Errors
    /// Everything that is wrong with the request.
    pub fn parse(body: &Value) -> Result<Self, FieldErrors> {
        let mut input = Input::new(body)?;
        let username = input.optional("username", parsed(Username::parse));
        let phone_number = input.nullable("phone_number", parsed_or_blank(PhoneNumber::parse));
        let profile = input
            .optional("profile", ProfileFields::parse)
            .unwrap_or_default();
        input.finish(|| {
            Some(Self {
                username,
                phone_number,
                profile,
            })
        })
    }

    /// Whether nothing is to be changed.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl ProfileFields {
    /// Longest text about oneself, in characters.
    pub const LONGEST_BIO: usize = 10_000;

    /// Longest first or last name, in characters.
    pub const LONGEST_NAME: usize = 100;

    fn parse(value: &Value) -> Parsed<Self> {
        let mut input = Input::new(value)?;
        let fields = Self {
            first_name: input.optional("first_name", text_or_blank(Self::LONGEST_NAME)),
            last_name: input.optional("last_name", text_or_blank(Self::LONGEST_NAME)),
            avatar_url: input.nullable("avatar_url", parsed_or_blank(AvatarUrl::parse)),
            timezone: input.optional("timezone", parsed(TimeZone::parse)),
            language: input.optional("language", parsed(LanguageTag::parse)),
            bio: input.optional("bio", text_or_blank(Self::LONGEST_BIO)),
        };
        Ok(input.finish(|| Some(fields))?)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::testing::{arbitrary_json, errors_of};

    #[test]
    fn given_fields_are_read_and_others_stay() {
        let change = ProfileChange::parse(&json!({
            "phone_number": "+2348012345678",
            "profile": {
                "bio": "hi",
                "timezone": "Africa/Lagos",
                "avatar_url": "https://cdn.example.com/a.png",
                "full_name": "ignored",
            },
            "email": "ignored",
            "is_verified": "ignored",
        }))
        .unwrap();
        assert_eq!(change.username, None);
        assert_eq!(
            change.phone_number.flatten().unwrap().as_str(),
            "+2348012345678"
        );
        assert_eq!(change.profile.bio.as_deref(), Some("hi"));
        assert_eq!(change.profile.timezone.unwrap().as_str(), "Africa/Lagos");
        assert_eq!(
            change.profile.avatar_url.flatten().unwrap().as_str(),
            "https://cdn.example.com/a.png"
        );
        assert_eq!(change.profile.language, None);
    }

    #[test]
    fn null_removes_and_blank_is_kept_where_allowed() {
        let change = ProfileChange::parse(&json!({
            "phone_number": null,
            "profile": {"avatar_url": null, "first_name": " ", "bio": ""},
        }))
        .unwrap();
        assert_eq!(change.phone_number, Some(None));
        assert_eq!(change.profile.avatar_url, Some(None));
        assert_eq!(change.profile.first_name.as_deref(), Some(""));
        assert_eq!(change.profile.bio.as_deref(), Some(""));
        assert!(!change.is_empty());
    }

    #[test]
    fn nothing_to_change_is_told() {
        for body in [
            json!({}),
            json!({"profile": {}}),
            json!({"id": 1, "profile": {"id": 1}}),
        ] {
            assert!(ProfileChange::parse(&body).unwrap().is_empty());
        }
    }

    #[test]
    fn all_errors_are_reported_in_their_places() {
        let errors = ProfileChange::parse(&json!({
            "username": "two words",
            "phone_number": "111111111111111111111",
            "profile": {
                "avatar_url": "nope",
                "first_name": "x".repeat(101),
                "language": "",
                "timezone": null,
                "bio": "x".repeat(10_001),
            },
        }));
        assert_eq!(
            errors_of(errors),
            json!({
                "username": [
                    "Enter a valid username. This value may contain only letters, numbers, and @/./+/-/_ characters."
                ],
                "phone_number": ["Ensure this field has no more than 20 characters."],
                "profile": {
                    "first_name": ["Ensure this field has no more than 100 characters."],
                    "avatar_url": ["Enter a valid URL."],
                    "timezone": ["This field may not be null."],
                    "language": ["This field may not be blank."],
                    "bio": ["Ensure this field has no more than 10000 characters."],
                },
            })
        );
        assert_eq!(
            errors_of(ProfileChange::parse(
                &json!({"profile": "x", "username": null})
            )),
            json!({
                "username": ["This field may not be null."],
                "profile": {"error": ["Invalid data. Expected a dictionary, but got str."]},
            })
        );
    }

    proptest! {
        #[test]
        fn any_body_is_answered(body in arbitrary_json()) {
            let _ = ProfileChange::parse(&body);
        }
    }
}
