//! The request that makes an account.

use serde::Serialize;
use serde_json::{Value, json};

use crate::random_hex;

/// A body of `POST /api/v1/users/register`.
#[derive(Clone, Debug, Serialize)]
pub struct NewAccount {
    /// The owner's name.
    pub name: String,
    /// The e-mail address, in lower case.
    pub email: String,
    /// The password.
    pub password: String,
    /// A push token of a browser.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub push_token: Option<String>,
    /// Whether e-mails and push messages are wanted.
    pub preferences: Value,
}

impl NewAccount {
    /// An account that can be registered; nobody else has its e-mail address or password.
    pub fn random() -> Self {
        Self {
            name: "Amina Bello Musa".to_owned(),
            email: format!("user{}@example.com", random_hex(16)),
            password: format!("Kx7! {}", random_hex(16)),
            push_token: None,
            preferences: json!({"email": true, "push": false}),
        }
    }

    /// The same with this name.
    #[must_use]
    pub fn name(self, name: &str) -> Self {
        Self {
            name: name.to_owned(),
            ..self
        }
    }

    /// The same with this e-mail address.
    #[must_use]
    pub fn email(self, email: &str) -> Self {
        Self {
            email: email.to_owned(),
            ..self
        }
    }

    /// The same with this password.
    #[must_use]
    pub fn password(self, password: &str) -> Self {
        Self {
            password: password.to_owned(),
            ..self
        }
    }

    /// The same with a push token.
    #[must_use]
    pub fn push_token(self, token: &str) -> Self {
        Self {
            push_token: Some(token.to_owned()),
            ..self
        }
    }

    /// The same with these preferences.
    #[must_use]
    pub fn preferences(self, preferences: Value) -> Self {
        Self {
            preferences,
            ..self
        }
    }

    /// The body, to be bent into what no account is made of.
    pub fn to_json(&self) -> Value {
        serde_json::to_value(self).expect("an account")
    }
}
