//! What `PUT` and `PATCH /push-tokens/{id}` ask for.

use serde_json::Value;

use crate::field_errors::FieldErrors;
use crate::input::Input;
use crate::push_token_fields::SentToken;
use crate::push_token_kind::{Platform, PushTokenType};
use crate::push_token_registration::PushTokenRegistration;
use crate::push_token_value::PushTokenValue;
use crate::values::{boolean, choice, text_or_blank};

/// Changes to a push token; what is `None` stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PushTokenChange {
    /// The token itself.
    pub token: Option<PushTokenValue>,
    /// What kind of device it reaches.
    pub platform: Option<Platform>,
    /// Its push service; a subscription makes it [`PushTokenType::Vapid`].
    pub token_type: Option<PushTokenType>,
    /// What the client calls the device.
    pub device_id: Option<String>,
    /// What the user calls the device.
    pub device_name: Option<String>,
    /// Whether messages go to it.
    pub is_active: Option<bool>,
}

impl PushTokenChange {
    /// # Errors
    /// Everything that is wrong with the request.
    pub fn parse(body: &Value) -> Result<Self, FieldErrors> {
        let mut input = Input::new(body)?;
        let token = input.optional("token", SentToken::from_json);
        let (token, token_type) = SentToken::with_type(token, &mut input);
        let change = Self {
            token,
            token_type,
            platform: input.optional("platform", choice(Platform::from_word)),
            device_id: input.optional(
                "device_id",
                text_or_blank(PushTokenRegistration::LONGEST_DEVICE_TEXT),
            ),
            device_name: input.optional(
                "device_name",
                text_or_blank(PushTokenRegistration::LONGEST_DEVICE_TEXT),
            ),
            is_active: input.optional("is_active", boolean),
        };
        input.finish(|| Some(change))
    }

    /// Whether nothing is to be changed.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::testing::{arbitrary_json, errors_of};

    #[test]
    fn every_field_may_be_left_out() {
        assert!(PushTokenChange::parse(&json!({})).unwrap().is_empty());
        let body = json!({"device_name": "Firefox", "is_active": false, "id": "ignored"});
        let expected = PushTokenChange {
            device_name: Some("Firefox".into()),
            is_active: Some(false),
            ..PushTokenChange::default()
        };
        assert_eq!(PushTokenChange::parse(&body), Ok(expected));
    }

    #[test]
    fn a_web_push_subscription_changes_the_type_too() {
        let body = json!({"token": {
            "endpoint": "https://push.example.com/x",
            "keys": {"p256dh": format!("BA{}", "A".repeat(85)), "auth": "A".repeat(22)},
        }});
        let change = PushTokenChange::parse(&body).unwrap();
        assert!(change.token.is_some());
        assert_eq!(change.token_type, Some(PushTokenType::Vapid));
        assert_eq!(change.platform, None);
    }

    #[test]
    fn all_errors_are_reported() {
        assert_eq!(
            errors_of(PushTokenChange::parse(
                &json!({"token": "", "platform": "tv", "device_id": null})
            )),
            json!({
                "token": ["This field may not be blank."],
                "platform": ["\"tv\" is not a valid choice."],
                "device_id": ["This field may not be null."],
            })
        );
    }

    proptest! {
        #[test]
        fn any_body_is_answered(body in arbitrary_json()) {
            let _ = PushTokenChange::parse(&body);
        }
    }
}
