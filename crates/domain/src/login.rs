//! What `POST /login` asks for.

use serde_json::Value;

use crate::email::Email;
use crate::field_errors::FieldErrors;
use crate::input::Input;
use crate::password::Password;
use crate::values::parsed;

/// A try to sign in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Login {
    /// Whose account.
    pub email: Email,
    /// The password to verify.
    pub password: Password,
}

impl Login {
    /// # Errors
    /// Everything that is wrong with the request.
    pub fn parse(body: &Value) -> Result<Self, FieldErrors> {
        let mut input = Input::new(body)?;
        let email = input.required("email", parsed(Email::parse));
        let password = input.required("password", Password::from_json);
        input.finish(|| {
            Some(Self {
                email: email?,
                password: password?,
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
    fn address_and_password_are_read() {
        let login = Login::parse(&json!({"email": "A@B.co ", "password": " x"})).unwrap();
        assert_eq!(login.email.as_str(), "a@b.co");
        assert_eq!(login.password.expose_secret(), " x");
    }

    #[test]
    fn all_errors_are_reported() {
        assert_eq!(
            errors_of(Login::parse(&json!({}))),
            json!({"email": ["This field is required."], "password": ["This field is required."]})
        );
        assert_eq!(
            errors_of(Login::parse(&json!({"email": "x", "password": ""}))),
            json!({
                "email": ["Enter a valid email address."],
                "password": ["This field may not be blank."],
            })
        );
        assert_eq!(
            errors_of(Login::parse(&json!({"email": " ", "password": null}))),
            json!({
                "email": ["This field may not be blank."],
                "password": ["This field may not be null."],
            })
        );
    }

    proptest! {
        #[test]
        fn any_body_is_answered(body in arbitrary_json()) {
            let _ = Login::parse(&body);
        }
    }
}
