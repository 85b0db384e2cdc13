//! The fields `token` and `token_type` of a push token, which depend on each other.

use serde_json::Value;

use crate::field_errors::Parsed;
use crate::input::Input;
use crate::push_token_kind::TokenType;
use crate::push_token_value::PushTokenValue;
use crate::values::{choice, parsed};
use crate::web_push_subscription::WebPushSubscription;

const NOT_VAPID: &str = "A Web Push subscription has the type \"vapid\".";

/// A token as it was sent.
pub(crate) enum SentToken {
    /// A text, whatever the push service means by it.
    Text(PushTokenValue),
    /// An object: a Web Push subscription.
    Subscription(PushTokenValue),
}

impl SentToken {
    /// Reads the field `token`.
    pub(crate) fn from_json(value: &Value) -> Parsed<Self> {
        if value.is_object() {
            subscription(value).map(Self::Subscription)
        } else {
            parsed(PushTokenValue::parse)(value).map(Self::Text)
        }
    }

    /// Reads the field `token_type` after the field `token`, and settles what both mean together: a
    /// subscription is of the type `vapid`, and a text of that type may be the JSON of one.
    pub(crate) fn with_type(
        sent: Option<Self>,
        input: &mut Input<'_>,
    ) -> (Option<PushTokenValue>, Option<TokenType>) {
        let token_type = input.optional("token_type", choice(TokenType::from_word));
        match (sent, token_type) {
            (Some(Self::Subscription(token)), None | Some(TokenType::Vapid)) => {
                (Some(token), Some(TokenType::Vapid))
            }
            (Some(Self::Subscription(_)), Some(_)) => {
                input.refuse("token_type", NOT_VAPID);
                (None, None)
            }
            (Some(Self::Text(token)), Some(TokenType::Vapid)) => {
                let token = in_one_form(token).map_err(|problem| input.refuse("token", problem));
                (token.ok(), token_type)
            }
            (Some(Self::Text(token)), _) => (Some(token), token_type),
            (None, _) => (None, token_type),
        }
    }
}

/// A subscription in its one form, if `token` is the JSON of an object; else `token` as it is.
pub(crate) fn in_one_form(token: PushTokenValue) -> Parsed<PushTokenValue> {
    match serde_json::from_str(token.expose_secret()) {
        Ok(object @ Value::Object(_)) => subscription(&object),
        _ => Ok(token),
    }
}

/// The text that is stored for the subscription `value`.
pub(crate) fn subscription(value: &Value) -> Parsed<PushTokenValue> {
    let subscription = WebPushSubscription::parse(value)?;
    PushTokenValue::parse(&subscription.to_text())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::field_errors::FieldErrors;
    use crate::testing::errors_of;

    fn read(body: &Value) -> Result<(String, Option<TokenType>), FieldErrors> {
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
            (json!({"token": "{\"a\": 1}"}), "{\"a\": 1}", None),
            (
                json!({"token": "{}", "token_type": "fcm"}),
                "{}",
                Some(TokenType::Fcm),
            ),
            (
                json!({"token": "[1]", "token_type": "vapid"}),
                "[1]",
                Some(TokenType::Vapid),
            ),
            (
                json!({"token": "{a", "token_type": "vapid"}),
                "{a",
                Some(TokenType::Vapid),
            ),
        ] {
            assert_eq!(read(&body), Ok((token.to_owned(), token_type)), "{body}");
        }
    }

    #[test]
    fn a_subscription_is_of_the_type_vapid() {
        let expected = Ok((text(), Some(TokenType::Vapid)));
        assert_eq!(read(&json!({"token": subscription()})), expected);
        assert_eq!(
            read(&json!({"token": subscription(), "token_type": "vapid"})),
            expected
        );
        assert_eq!(
            read(&json!({"token": subscription().to_string(), "token_type": "vapid"})),
            expected
        );
        for other in ["fcm", "onesignal"] {
            assert_eq!(
                errors_of(read(&json!({"token": subscription(), "token_type": other}))),
                json!({ "token_type": [NOT_VAPID] })
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
