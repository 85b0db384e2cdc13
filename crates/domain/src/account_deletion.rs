//! What `DELETE /account` asks for.

use serde_json::Value;

use crate::field_errors::FieldErrors;
use crate::input::Input;
use crate::password::Password;

/// The wish to erase one's own account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountDeletion {
    /// The account's password, to be verified: an access token alone must not suffice.
    pub password: Password,
}

impl AccountDeletion {
    /// Reads the request.
    ///
    /// # Errors
    /// If the password is missing or no text.
    pub fn parse(body: &Value) -> Result<Self, FieldErrors> {
        let mut input = Input::new(body)?;
        let password = input.required("password", Password::from_json);
        input.finish(|| {
            Some(Self {
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
    fn the_password_is_taken_as_it_was_typed() {
        let deletion = AccountDeletion::parse(&json!({"password": " a "})).unwrap();
        assert_eq!(deletion.password.expose_secret(), " a ");
    }

    #[test]
    fn the_password_is_required() {
        assert_eq!(
            errors_of(AccountDeletion::parse(&json!({}))),
            json!({"password": ["This field is required."]})
        );
    }
}
