//! What `POST /push-tokens` asks for.

use serde_json::Value;

use crate::field_errors::FieldErrors;
use crate::input::Input;
use crate::push_token_fields::SentToken;
use crate::push_token_kind::{Platform, PushTokenType};
use crate::push_token_value::PushTokenValue;
use crate::values::{boolean, choice, text_or_blank};

/// A push token of one of the caller's devices.
///
/// What is `None` was not given: a new row takes the default named there, a known one keeps what
/// it has, but becomes active again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PushTokenRegistration {
    /// The token itself.
    pub token: PushTokenValue,
    /// What kind of device it reaches.
    pub platform: Platform,
    /// Its push service; [`PushTokenType::Fcm`] by default, [`PushTokenType::Vapid`] for a subscription.
    pub token_type: Option<PushTokenType>,
    /// What the client calls the device; empty by default.
    pub device_id: Option<String>,
    /// What the user calls the device; empty by default.
    pub device_name: Option<String>,
    /// Whether messages go to it; true by default.
    pub is_active: Option<bool>,
}

impl PushTokenRegistration {
    /// Longest id or name of a device, in characters.
    pub const LONGEST_DEVICE_TEXT: usize = 255;

    /// # Errors
    /// Everything that is wrong with the request.
    pub fn parse(body: &Value) -> Result<Self, FieldErrors> {
        let mut input = Input::new(body)?;
        let token = input.required("token", SentToken::from_json);
        let (token, token_type) = SentToken::with_type(token, &mut input);
        let platform = input.required("platform", choice(Platform::from_word));
        let device_id = input.optional("device_id", text_or_blank(Self::LONGEST_DEVICE_TEXT));
        let device_name = input.optional("device_name", text_or_blank(Self::LONGEST_DEVICE_TEXT));
        let is_active = input.optional("is_active", boolean);
        input.finish(|| {
            Some(Self {
                token: token?,
                platform: platform?,
                token_type,
                device_id,
                device_name,
                is_active,
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::testing::{arbitrary_json, errors_of};

    #[test]
    fn given_fields_are_read_and_others_left_open() {
        let body = json!({"token": " fcm-1 ", "platform": "android", "device_id": "dev-1"});
        assert_eq!(
            PushTokenRegistration::parse(&body),
            Ok(PushTokenRegistration {
                token: PushTokenValue::parse("fcm-1").unwrap(),
                platform: Platform::Android,
                token_type: None,
                device_id: Some("dev-1".into()),
                device_name: None,
                is_active: None,
            })
        );
    }

    #[test]
    fn all_errors_are_reported_in_order() {
        let body = json!({"token": " ", "platform": "tv", "token_type": "apns", "is_active": "q"});
        let errors = PushTokenRegistration::parse(&body).unwrap_err();
        assert_eq!(
            serde_json::to_string(&errors).unwrap(),
            r#"{"token":["This field may not be blank."],"token_type":["\"apns\" is not a valid choice."],"platform":["\"tv\" is not a valid choice."],"is_active":["Must be a valid boolean."]}"#
        );
        assert_eq!(
            errors_of(PushTokenRegistration::parse(&json!({}))),
            json!({"token": ["This field is required."], "platform": ["This field is required."]})
        );
    }

    #[test]
    fn a_web_push_subscription_is_a_token() {
        let body = json!({
            "token": {
                "endpoint": "https://push.example.com/x",
                "keys": {
                    "p256dh": format!("BA{}", "A".repeat(85)),
                    "auth": "AAAAAAAAAAAAAAAAAAAAAA",
                },
            },
            "platform": "web",
        });
        let registration = PushTokenRegistration::parse(&body).unwrap();
        assert_eq!(registration.token_type, Some(PushTokenType::Vapid));
        let token = registration.token.expose_secret();
        assert!(token.starts_with("{\"endpoint\":\"https://push.example.com/x\","));

        let body = json!({"token": {"endpoint": "https://localhost/", "keys": {"auth": "x"}}});
        let errors = errors_of(PushTokenRegistration::parse(&body));
        assert_eq!(
            errors["token"]["keys"]["auth"],
            json!(["Enter 16 bytes in base64url."])
        );
        assert_eq!(
            errors["token"]["keys"]["p256dh"],
            json!(["This field is required."])
        );
        assert_eq!(errors["platform"], json!(["This field is required."]));
    }

    #[test]
    fn lengths_are_checked() {
        let body = json!({
            "token": "x".repeat(2049),
            "platform": "web",
            "device_id": "x".repeat(256),
            "device_name": "ä".repeat(256),
        });
        let long = "Ensure this field has no more than 255 characters.";
        assert_eq!(
            errors_of(PushTokenRegistration::parse(&body)),
            json!({
                "token": ["Ensure this field has no more than 2048 bytes."],
                "device_id": [long],
                "device_name": [long],
            })
        );
    }

    proptest! {
        #[test]
        fn any_body_is_answered(body in arbitrary_json()) {
            let _ = PushTokenRegistration::parse(&body);
        }
    }
}
