//! What `POST /register` asks for.

use serde_json::Value;

use crate::email::Email;
use crate::field_errors::{FieldErrors, Parsed};
use crate::input::Input;
use crate::password::Password;
use crate::password_violation::{self, PasswordViolation};
use crate::person_name::PersonName;
use crate::push_token_fields::SentToken;
use crate::push_token_kind::PushTokenType;
use crate::push_token_value::PushTokenValue;
use crate::values::{boolean, parsed, text, text_or_blank};

/// A new account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registration {
    /// The owner's name.
    pub name: PersonName,
    /// The address that signs in.
    pub email: Email,
    /// The password to set.
    pub password: Password,
    /// A browser's push token, if one was given.
    pub push_token: Option<PushTokenValue>,
    /// Its push service; [`PushTokenType::Vapid`] for a subscription.
    pub push_token_type: PushTokenType,
    /// Whether e-mails are wanted.
    pub email_enabled: bool,
    /// Whether push messages are wanted.
    pub push_enabled: bool,
}

impl Registration {
    /// Longest name, in characters.
    pub const LONGEST_NAME: usize = 255;
    /// Longest push token, in characters.
    pub const LONGEST_PUSH_TOKEN: usize = 500;

    /// Reads the request; the password's policy is left to the caller.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn parse(body: &Value) -> Result<Self, FieldErrors> {
        Self::parse_with(body, |_, _| Vec::new())
    }

    /// Reads the request and asks `policy` about the password, so that its findings stand beside
    /// all others. Besides the password it gets what the password must not resemble, as far as
    /// that could be read: the e-mail address's local part and the names.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn parse_with(
        body: &Value,
        policy: impl FnOnce(&Password, &[String]) -> Vec<PasswordViolation>,
    ) -> Result<Self, FieldErrors> {
        let mut input = Input::new(body)?;
        let name = input
            .required("name", text(Self::LONGEST_NAME))
            .map(|name| PersonName::split(&name));
        let email = input.required("email", parsed(Email::parse));
        let password = input.required("password", Password::from_json);
        if let Some(password) = &password {
            let violations = policy(password, &personal(email.as_ref(), name.as_ref()));
            if let Some(problem) = password_violation::problem(&violations) {
                input.refuse("password", problem);
            }
        }
        let push_token = input.nullable("push_token", push_token).flatten().flatten();
        let push_token_type = match &push_token {
            Some(SentToken::Subscription(_)) => PushTokenType::Vapid,
            _ => PushTokenType::default(),
        };
        let preferences = input.required("preferences", preferences);
        input.finish(|| {
            let (email_enabled, push_enabled) = preferences?;
            Some(Self {
                name: name?,
                email: email?,
                password: password?,
                push_token: push_token.map(SentToken::into_value),
                push_token_type,
                email_enabled,
                push_enabled,
            })
        })
    }
}

/// What a password must not resemble.
fn personal(email: Option<&Email>, name: Option<&PersonName>) -> Vec<String> {
    let local_part = email.map(Email::local_part);
    let names = name.map(|name| [name.first_name(), name.last_name()]);
    local_part
        .into_iter()
        .chain(names.into_iter().flatten())
        .map(str::to_owned)
        .collect()
}

/// An empty token is none.
fn push_token(value: &Value) -> Parsed<Option<SentToken>> {
    let token = text_or_blank(Registration::LONGEST_PUSH_TOKEN)(value)?;
    if token.is_empty() {
        Ok(None)
    } else {
        SentToken::from_text(&token).map(Some)
    }
}

/// Whether e-mails and push messages are wanted; both are unless refused.
fn preferences(value: &Value) -> Parsed<(bool, bool)> {
    let mut input = Input::new(value)?;
    let email = input.optional("email", boolean).unwrap_or(true);
    let push = input.optional("push", boolean).unwrap_or(true);
    Ok(input.finish(|| Some((email, push)))?)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::testing::{arbitrary_json, errors_of};

    fn complete() -> Value {
        json!({
            "name": " Amina Bello Musa ",
            "email": " Amina@Example.com",
            "password": " Kx7! ",
            "push_token": " fcm-1 ",
            "preferences": {"email": "no", "push": true, "sms": true},
            "is_superuser": true,
        })
    }

    #[test]
    fn a_complete_request_is_read() {
        let request = Registration::parse(&complete()).unwrap();
        assert_eq!(request.name.first_name(), "Amina");
        assert_eq!(request.name.last_name(), "Bello Musa");
        assert_eq!(request.email.as_str(), "amina@example.com");
        assert_eq!(request.password.expose_secret(), " Kx7! ");
        assert_eq!(request.push_token, PushTokenValue::parse("fcm-1").ok());
        assert_eq!((request.email_enabled, request.push_enabled), (false, true));
    }

    #[test]
    fn a_web_push_subscription_is_checked_and_of_its_type() {
        let keys = json!({"p256dh": format!("BA{}", "A".repeat(85)), "auth": "A".repeat(22)});
        let text = |endpoint| json!({"endpoint": endpoint, "keys": keys}).to_string();
        let mut body = complete();
        body["push_token"] = json!(text("https://push.example.com/x"));
        let request = Registration::parse(&body).unwrap();
        assert_eq!(request.push_token_type, PushTokenType::Vapid);

        body["push_token"] = json!(text("http://push.example.com/x"));
        let errors = errors_of(Registration::parse(&body));
        assert!(errors["push_token"]["endpoint"].is_array(), "{errors}");

        body["push_token"] = json!("fcm-1");
        let request = Registration::parse(&body).unwrap();
        assert_eq!(request.push_token_type, PushTokenType::Fcm);
    }

    #[test]
    fn preferences_default_to_yes_and_a_blank_push_token_is_none() {
        for token in [json!(""), json!("  "), json!(null)] {
            let mut body = complete();
            body["preferences"] = json!({});
            body["push_token"] = token;
            let request = Registration::parse(&body).unwrap();
            assert_eq!(request.push_token, None);
            assert!(request.email_enabled && request.push_enabled);
        }
    }

    #[test]
    fn missing_fields_are_named_in_order() {
        let errors = Registration::parse(&json!({})).unwrap_err();
        assert_eq!(
            serde_json::to_string(&errors).unwrap(),
            r#"{"name":["This field is required."],"email":["This field is required."],"password":["This field is required."],"preferences":["This field is required."]}"#
        );
    }

    #[test]
    fn the_policys_findings_join_all_other_errors() {
        let body =
            json!({"name": "", "email": "x", "password": "123", "preferences": {"email": "maybe"}});
        let result = Registration::parse_with(&body, |password, personal| {
            assert_eq!(password.expose_secret(), "123");
            assert!(personal.is_empty());
            vec![
                PasswordViolation::TooShort,
                PasswordViolation::EntirelyNumeric,
            ]
        });
        assert_eq!(
            errors_of(result),
            json!({
                "name": ["This field may not be blank."],
                "email": ["Enter a valid email address."],
                "password": [
                    "This password is too short. It must contain at least 8 characters.",
                    "This password is entirely numeric.",
                ],
                "preferences": {"email": ["Must be a valid boolean."]},
            })
        );
    }

    #[test]
    fn the_policy_is_told_what_is_personal() {
        let result = Registration::parse_with(&complete(), |_, personal| {
            assert_eq!(personal, ["amina", "Amina", "Bello Musa"]);
            Vec::new()
        });
        assert!(result.is_ok());
    }

    #[test]
    fn limits_and_types_are_checked() {
        let mut body = complete();
        body["name"] = json!("x".repeat(256));
        body["push_token"] = json!("x".repeat(501));
        body["preferences"] = json!([]);
        assert_eq!(
            errors_of(Registration::parse(&body)),
            json!({
                "name": ["Ensure this field has no more than 255 characters."],
                "push_token": ["Ensure this field has no more than 500 characters."],
                "preferences": {"error": ["Invalid data. Expected a dictionary, but got list."]},
            })
        );
    }

    proptest! {
        #[test]
        fn any_body_is_answered(body in arbitrary_json()) {
            let _ = Registration::parse(&body);
        }
    }
}
