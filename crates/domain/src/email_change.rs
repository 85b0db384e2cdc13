//! What `POST /auth/email-change` asks for.

use serde_json::Value;

use crate::email::Email;
use crate::field_errors::FieldErrors;
use crate::input::Input;
use crate::password::Password;
use crate::values::parsed;

/// The wish for another address of one's own account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmailChange {
    /// The new address, not known to be his yet.
    pub email: Email,
    /// The account's password, to be verified: an access token alone must not suffice.
    pub password: Password,
}

impl EmailChange {
    /// Reads the request.
    ///
    /// # Errors
    /// Everything that is wrong with it.
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
    use serde_json::json;

    use super::*;
    use crate::testing::errors_of;

    #[test]
    fn both_are_required() {
        let required = json!(["This field is required."]);
        assert_eq!(
            errors_of(EmailChange::parse(&json!({}))),
            json!({"email": required, "password": required})
        );
        let change = EmailChange::parse(&json!({"email": "A@b.co", "password": " x"})).unwrap();
        assert_eq!(change.email.as_str(), "a@b.co");
        assert_eq!(change.password.expose_secret(), " x");
    }
}
