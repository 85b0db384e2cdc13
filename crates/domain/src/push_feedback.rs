//! What the push service tells of a token that a provider refused.

use serde_json::Value;

use crate::field_errors::{FieldErrors, Parsed};
use crate::ids::PushTokenId;
use crate::input::Input;
use crate::push_token_fields::SentToken;
use crate::push_token_value::PushTokenValue;
use crate::text::{cut, trim};
use crate::timestamp::Timestamp;
use crate::values::{choice, id, parsed, text, untrimmed};

/// How much of a provider's message is read, in characters.
const MESSAGE_LIMIT: usize = 1_000;

/// Who refused a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PushProvider {
    /// Firebase Cloud Messaging.
    Fcm,
    /// Apple Push Notification service.
    Apns,
    /// The browser's push service (RFC 8030).
    WebPush,
}

impl PushProvider {
    /// All providers.
    pub const ALL: [Self; 3] = [Self::Fcm, Self::Apns, Self::WebPush];

    /// The provider that `word` names.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.as_str() == word)
    }

    /// The word for it in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Fcm => "fcm",
            Self::Apns => "apns",
            Self::WebPush => "web_push",
        }
    }
}

/// An answer that means that a token, and not a message, a key or the provider itself, is the fault.
struct FatalAnswer {
    provider: PushProvider,
    /// Status codes and words of the provider, each of which says the same.
    reasons: &'static [&'static str],
    /// What the message must be besides.
    message: Option<&'static str>,
}

/// All of them. `docs/push-tokens.md` has the same table.
const FATAL_ANSWERS: [FatalAnswer; 4] = [
    // The status that comes with it, 404, is no reason: a wrong project or URL has it too.
    FatalAnswer {
        provider: PushProvider::Fcm,
        reasons: &["UNREGISTERED"],
        message: None,
    },
    // Without this message it may as well be the payload that is bad.
    FatalAnswer {
        provider: PushProvider::Fcm,
        reasons: &["INVALID_ARGUMENT", "400"],
        message: Some("The registration token is not a valid FCM registration token"),
    },
    FatalAnswer {
        provider: PushProvider::Apns,
        reasons: &["410", "BadDeviceToken", "Unregistered", "ExpiredToken"],
        message: None,
    },
    FatalAnswer {
        provider: PushProvider::WebPush,
        reasons: &["404", "410"],
        message: None,
    },
];

/// Which push token a report is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FeedbackTarget {
    /// Its row.
    Id(PushTokenId),
    /// The token itself.
    Token(PushTokenValue),
}

/// A report about a push token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PushFeedback {
    /// Which token.
    pub target: FeedbackTarget,
    /// Who refused it.
    pub provider: PushProvider,
    /// The provider's word or status code.
    pub reason: String,
    /// What the provider says besides; empty if it says nothing.
    pub message: String,
    /// When it was refused; `None`: now.
    pub observed_at: Option<Timestamp>,
}

/// What a report means for its token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TokenVerdict {
    /// No message will ever reach the device by it.
    Dead,
    /// It stays; the text says why.
    Alive(String),
}

impl PushFeedback {
    /// Longest reason, in characters.
    pub const LONGEST_REASON: usize = 100;

    /// # Errors
    /// Everything that is wrong with the report.
    pub fn parse(body: &Value) -> Result<Self, FieldErrors> {
        let mut input = Input::new(body)?;
        let id = input.nullable("push_token_id", id(PushTokenId::parse));
        let token = input.nullable("token", token);
        let target = match (id.flatten(), token.flatten()) {
            (Some(id), None) => Some(FeedbackTarget::Id(id)),
            (None, Some(token)) => Some(FeedbackTarget::Token(token)),
            (Some(_), Some(_)) => {
                input.refuse("token", "Give either push_token_id or token, not both.");
                None
            }
            (None, None) => {
                let is_given = |name| body.get(name).is_some_and(|value| !value.is_null());
                if !is_given("push_token_id") && !is_given("token") {
                    input.refuse("push_token_id", "Give either push_token_id or token.");
                }
                None
            }
        };
        let provider = input.required("provider", choice(PushProvider::from_word));
        let reason = input.required("reason", text(Self::LONGEST_REASON));
        let message = input.nullable("message", message);
        let observed_at = input.nullable("observed_at", parsed(Timestamp::parse));
        input.finish(|| {
            Some(Self {
                target: target?,
                provider: provider?,
                reason: reason?,
                message: message.flatten().unwrap_or_default(),
                observed_at: observed_at.flatten(),
            })
        })
    }

    /// Whether the token is at fault. Everything that is not known to mean that leaves it alone: a
    /// provider in trouble must not cost users their devices.
    pub fn verdict(&self) -> TokenVerdict {
        let is_fatal = FATAL_ANSWERS.iter().any(|fatal| {
            let is_reason = |known: &&str| known.eq_ignore_ascii_case(&self.reason);
            fatal.provider == self.provider
                && fatal.reasons.iter().any(is_reason)
                && fatal.message.is_none_or(|message| self.message == message)
        });
        if is_fatal {
            TokenVerdict::Dead
        } else {
            TokenVerdict::Alive(format!(
                "{:?} from {} does not say for certain that the token is dead, so it stays.",
                self.reason,
                self.provider.as_str(),
            ))
        }
    }
}

/// A token as a registration or as an event has it.
fn token(value: &Value) -> Parsed<PushTokenValue> {
    SentToken::from_json(value).map(SentToken::into_value)
}

fn message(value: &Value) -> Parsed<String> {
    Ok(cut(trim(&untrimmed(value)?), MESSAGE_LIMIT).to_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::testing::{arbitrary_json, errors_of};

    const ID: &str = "a8b99449-0370-4235-a274-fe2dff1c0862";
    const DOCUMENTATION: &str = include_str!("../../../docs/push-tokens.md");
    const BAD_TOKEN: &str = "The registration token is not a valid FCM registration token";

    fn is_dead(provider: &str, reason: impl Into<Value>, message: &str) -> bool {
        let body = json!({
            "push_token_id": ID, "provider": provider, "reason": reason.into(), "message": message,
        });
        PushFeedback::parse(&body).unwrap().verdict() == TokenVerdict::Dead
    }

    #[test]
    fn a_report_is_read() {
        let mut body = json!({"push_token_id": ID, "provider": "apns", "reason": 410});
        let mut expected = PushFeedback {
            target: FeedbackTarget::Id(PushTokenId::parse(ID).unwrap()),
            provider: PushProvider::Apns,
            reason: "410".into(),
            message: String::new(),
            observed_at: None,
        };
        assert_eq!(PushFeedback::parse(&body), Ok(expected.clone()));

        body["push_token_id"] = json!(null);
        body["token"] = json!(" apns-1 ");
        body["message"] = json!("x".repeat(1_001));
        body["observed_at"] = json!("2026-11-25T04:02:19Z");
        expected.target = FeedbackTarget::Token(PushTokenValue::parse("apns-1").unwrap());
        expected.message = "x".repeat(1_000);
        expected.observed_at = Timestamp::parse("2026-11-25T04:02:19Z").ok();
        assert_eq!(PushFeedback::parse(&body), Ok(expected));
    }

    #[test]
    fn a_subscription_is_found_however_it_is_written() {
        let subscription = json!({
            "endpoint": "https://push.example.com/x",
            "keys": {"auth": "A".repeat(22), "p256dh": format!("BA{}", "A".repeat(85))},
        });
        let target = |token: Value| {
            let body = json!({"token": token, "provider": "web_push", "reason": "410"});
            PushFeedback::parse(&body).unwrap().target
        };
        let FeedbackTarget::Token(token) = target(subscription.clone()) else {
            panic!("the target is a token");
        };
        assert!(token.expose_secret().contains("\"expirationTime\":null"));
        assert_eq!(
            target(json!(subscription.to_string())),
            target(subscription)
        );
    }

    #[test]
    fn all_errors_are_reported() {
        let required = json!(["This field is required."]);
        assert_eq!(
            errors_of(PushFeedback::parse(&json!({"token": null}))),
            json!({
                "push_token_id": ["Give either push_token_id or token."],
                "provider": required,
                "reason": required,
            })
        );
        let body = json!({
            "push_token_id": ID, "token": "a", "provider": "sms", "reason": " ", "observed_at": 5,
        });
        let errors = errors_of(PushFeedback::parse(&body));
        assert_eq!(
            errors["token"],
            json!(["Give either push_token_id or token, not both."])
        );
        assert_eq!(
            errors["provider"],
            json!(["\"sms\" is not a valid choice."])
        );
        assert_eq!(errors["reason"], json!(["This field may not be blank."]));
        assert!(errors["observed_at"].is_array());

        let body = json!({"push_token_id": "42", "provider": "fcm", "reason": "404"});
        assert_eq!(
            errors_of(PushFeedback::parse(&body)),
            json!({"push_token_id": ["Must be a valid UUID."]})
        );
    }

    #[test]
    fn only_what_is_about_the_token_ends_it() {
        assert!(is_dead("fcm", "UNREGISTERED", ""));
        assert!(is_dead("fcm", "INVALID_ARGUMENT", BAD_TOKEN));
        assert!(is_dead("fcm", 400, BAD_TOKEN));
        for reason in ["410", "BadDeviceToken", "Unregistered", "ExpiredToken"] {
            assert!(is_dead("apns", reason, ""), "{reason}");
        }
        assert!(is_dead("web_push", 404, ""));
        assert!(is_dead("web_push", "410", "Gone"));
    }

    #[test]
    fn everything_else_leaves_the_token_alone() {
        for (provider, reason, message) in [
            ("fcm", "INVALID_ARGUMENT", ""),
            ("fcm", "INVALID_ARGUMENT", "Invalid JSON payload received."),
            ("fcm", "404", ""),
            ("fcm", "404", "Requested entity was not found."),
            ("fcm", "NOT_FOUND", "Requested entity was not found."),
            ("fcm", "410", ""),
            ("fcm", "UNAVAILABLE", ""),
            ("fcm", "SENDER_ID_MISMATCH", ""),
            ("fcm", "THIRD_PARTY_AUTH_ERROR", BAD_TOKEN),
            ("fcm", "403", ""),
            ("apns", "404", ""),
            ("apns", "400", ""),
            ("apns", "DeviceTokenNotForTopic", ""),
            ("apns", "TopicDisallowed", ""),
            ("apns", "ExpiredProviderToken", ""),
            ("apns", "InternalServerError", ""),
            ("web_push", "400", ""),
            ("web_push", "401", ""),
            ("web_push", "413", ""),
            ("web_push", "429", ""),
            ("web_push", "503", ""),
            ("web_push", "UNREGISTERED", ""),
        ] {
            assert!(!is_dead(provider, reason, message), "{provider} {reason}");
        }
        let body = json!({"token": "a", "provider": "fcm", "reason": "QUOTA_EXCEEDED"});
        assert_eq!(
            PushFeedback::parse(&body).unwrap().verdict(),
            TokenVerdict::Alive(
                "\"QUOTA_EXCEEDED\" from fcm does not say for certain that the token is dead, so it stays."
                    .into()
            )
        );
    }

    #[test]
    fn the_documentation_has_the_same_table() {
        let documented: Vec<String> = DOCUMENTATION
            .lines()
            .skip_while(|line| *line != "## What ends a token")
            .filter(|line| line.starts_with("| `"))
            .map(str::to_owned)
            .collect();
        let known = FATAL_ANSWERS.map(|fatal| {
            let reasons: Vec<String> = fatal
                .reasons
                .iter()
                .map(|word| format!("`{word}`"))
                .collect();
            let message = fatal
                .message
                .map_or("any".to_owned(), |text| format!("“{text}”"));
            format!(
                "| `{}` | {} | {message} |",
                fatal.provider.as_str(),
                reasons.join(", ")
            )
        });
        assert_eq!(documented, known);
    }

    proptest! {
        #[test]
        fn any_body_is_answered(body in arbitrary_json(), reason in any::<String>()) {
            let _ = PushFeedback::parse(&body);
            let body = json!({"token": body, "provider": "fcm", "reason": reason});
            if let Ok(feedback) = PushFeedback::parse(&body) {
                let _ = feedback.verdict();
            }
        }
    }
}
