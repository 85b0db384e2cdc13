//! The fields `token` and `token_type` of a push token, which depend on each other.

use serde_json::Value;

use crate::field_errors::Parsed;
use crate::input::Input;
use crate::push_token_kind::PushTokenType;
use crate::push_token_value::PushTokenValue;
use crate::values::{choice, parsed};
use crate::web_push_subscription::WebPushSubscription;

const NOT_VAPID: &str = "A Web Push subscription has the type \"vapid\".";

const NOT_JSON: &str = "A token of the type \"vapid\" that begins with \"{\" must be the JSON of a Web Push subscription.";

/// A token as it was sent.
pub(crate) enum SentToken {
    /// A text, whatever the push service means by it.
    Text(PushTokenValue),
    /// A Web Push subscription, in its one form.
    Subscription(PushTokenValue),
}

impl SentToken {
    /// Reads the field `token`.
    pub(crate) fn from_json(value: &Value) -> Parsed<Self> {
        if value.is_object() {
            subscription(value).map(Self::Subscription)
        } else {
            parsed(Self::from_text)(value)
        }
    }

    /// Reads a text: the JSON of an object with an `endpoint` is a subscription, whatever type is
    /// given.
    pub(crate) fn from_text(text: &str) -> Parsed<Self> {
        let token = PushTokenValue::parse(text)?;
        match serde_json::from_str::<Value>(text) {
            Ok(object) if object.get("endpoint").is_some() => {
                subscription(&object).map(Self::Subscription)
            }
            _ => Ok(Self::Text(token)),
        }
    }

    /// The token, without what was found out about it.
    pub(crate) fn into_value(self) -> PushTokenValue {
        match self {
            Self::Text(token) | Self::Subscription(token) => token,
        }
    }

    /// Reads the field `token_type` after the field `token`, and settles what both mean together: a
    /// subscription is of the type `vapid`, and no other text that begins as one does is. Where no
    /// type is given, such a text is of the default one: in a row of the type `vapid` it would pass
    /// for a subscription.
    pub(crate) fn with_type(
        sent: Option<Self>,
        input: &mut Input<'_>,
    ) -> (Option<PushTokenValue>, Option<PushTokenType>) {
        let token_type = input.optional("token_type", choice(PushTokenType::from_word));
        match (sent, token_type) {
            (Some(Self::Subscription(token)), None | Some(PushTokenType::Vapid)) => {
                (Some(token), Some(PushTokenType::Vapid))
            }
            (Some(Self::Subscription(_)), Some(_)) => {
                input.refuse("token_type", NOT_VAPID);
                (None, None)
            }
            (Some(Self::Text(token)), Some(PushTokenType::Vapid)) if begins_object(&token) => {
                let token = from_json_of(&token).map_err(|problem| input.refuse("token", problem));
                (token.ok(), token_type)
            }
            (Some(Self::Text(token)), None) if begins_object(&token) => {
                (Some(token), Some(PushTokenType::default()))
            }
            (Some(Self::Text(token)), _) => (Some(token), token_type),
            (None, _) => (None, token_type),
        }
    }
}

/// Whether whoever reads the token as JSON reads an object.
fn begins_object(token: &PushTokenValue) -> bool {
    token.expose_secret().starts_with('{')
}

/// The subscription whose JSON `token` is.
fn from_json_of(token: &PushTokenValue) -> Parsed<PushTokenValue> {
    match serde_json::from_str(token.expose_secret()) {
        Ok(object) => subscription(&object),
        Err(_) => Err(NOT_JSON.into()),
    }
}

/// The text that is stored for the subscription `value`.
fn subscription(value: &Value) -> Parsed<PushTokenValue> {
    let subscription = WebPushSubscription::parse(value)?;
    PushTokenValue::parse(&subscription.to_text())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::field_errors::FieldErrors;
    use crate::testing::errors_of;

    fn read(body: &Value) -> Result<(String, Option<PushTokenType>), FieldErrors> {
        let mut input = Input::new(body)?;
        let sent = input.optional("token", SentToken::from_json);
        let (token, token_type) = SentToken::with_type(sent, &mut input);
        input.finish(|| Some((token?.expose_secret().to_owned(), token_type)))
    }

    fn subscription() -> Value {
        json!({
            "endpoint": "https://push.example.com/x",
            "keys": {
                "p256dh": format!("BA{}", "A".repeat(85)),
                "auth": "AAAAAAAAAAAAAAAAAAAAAA==",
            },
        })
    }

    fn text() -> String {
        super::subscription(&subscription())
            .unwrap()
            .expose_secret()
            .to_owned()
    }

    #[test]
    fn texts_are_taken_as_they_are() {
        for (body, token, token_type) in [
            (json!({"token": " a "}), "a", None),
            (json!({"token": 5}), "5", None),
            (
                json!({"token": "[{\"endpoint\": 1}]"}),
                "[{\"endpoint\": 1}]",
                None,
            ),
            (
                json!({"token": "{\"a\": 1}"}),
                "{\"a\": 1}",
                Some(PushTokenType::Fcm),
            ),
            (
                json!({"token": "{}", "token_type": "onesignal"}),
                "{}",
                Some(PushTokenType::Onesignal),
            ),
            (
                json!({"token": "[1]", "token_type": "vapid"}),
                "[1]",
                Some(PushTokenType::Vapid),
            ),
            (
                json!({"token": "a vapid text", "token_type": "vapid"}),
                "a vapid text",
                Some(PushTokenType::Vapid),
            ),
        ] {
            assert_eq!(read(&body), Ok((token.to_owned(), token_type)), "{body}");
        }
    }

    #[test]
    fn a_subscription_is_of_the_type_vapid() {
        let expected = Ok((text(), Some(PushTokenType::Vapid)));
        assert_eq!(read(&json!({"token": subscription()})), expected);
        assert_eq!(
            read(&json!({"token": subscription(), "token_type": "vapid"})),
            expected
        );
        assert_eq!(
            read(&json!({"token": subscription().to_string(), "token_type": "vapid"})),
            expected
        );
        assert_eq!(
            read(&json!({ "token": format!(" {:#}\n", subscription()) })),
            expected
        );
        for other in ["fcm", "onesignal"] {
            for token in [subscription(), json!(subscription().to_string())] {
                assert_eq!(
                    errors_of(read(&json!({"token": token, "token_type": other}))),
                    json!({ "token_type": [NOT_VAPID] })
                );
            }
        }
    }

    #[test]
    fn a_text_with_an_endpoint_is_checked_whatever_type_is_given() {
        for token_type in [None, Some("fcm"), Some("onesignal"), Some("vapid")] {
            let mut body = json!({"token": "{\"endpoint\": \"http://10.0.0.1/\"}"});
            if let Some(token_type) = token_type {
                body["token_type"] = json!(token_type);
            }
            let errors = errors_of(read(&body));
            assert!(errors["token"]["endpoint"].is_array(), "{errors}");
            assert!(errors["token"]["keys"].is_array(), "{errors}");
        }
    }

    #[test]
    fn what_only_begins_as_a_subscription_is_none() {
        let deep = format!(
            "{{\"endpoint\": \"https://10.0.0.1/\", \"x\": {}{}}}",
            "[".repeat(200),
            "]".repeat(200)
        );
        for token in ["{a", "{", &deep] {
            assert_eq!(
                errors_of(read(&json!({"token": token, "token_type": "vapid"}))),
                json!({ "token": [NOT_JSON] })
            );
            assert_eq!(
                read(&json!({ "token": token })),
                Ok((token.to_owned(), Some(PushTokenType::Fcm)))
            );
        }
    }

    #[test]
    fn the_errors_of_a_subscription_nest() {
        let required = json!(["This field is required."]);
        let expected = json!({"token": {"endpoint": required, "keys": required}});
        assert_eq!(errors_of(read(&json!({"token": {}}))), expected);
        assert_eq!(
            errors_of(read(&json!({"token": "{}", "token_type": "vapid"}))),
            expected
        );
        for odd in [json!([]), json!(true)] {
            assert_eq!(
                errors_of(read(&json!({ "token": odd }))),
                json!({"token": ["Not a valid string."]})
            );
        }
    }

    #[test]
    fn a_subscription_fits_the_column() {
        let mut long = subscription();
        let room = 2048 - text().len() + "x".len();
        long["endpoint"] = json!(format!("https://push.example.com/{}", "x".repeat(room)));
        let (token, _) = read(&json!({ "token": long })).unwrap();
        assert_eq!(token.len(), 2048);
        long["endpoint"] = json!(format!("https://push.example.com/{}", "x".repeat(room + 1)));
        assert_eq!(
            errors_of(read(&json!({ "token": long }))),
            json!({"token": ["Ensure this field has no more than 2048 bytes."]})
        );
    }
}
