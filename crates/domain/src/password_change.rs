//! What `POST /change-password` asks for.

use serde_json::Value;

use crate::field_errors::FieldErrors;
use crate::input::Input;
use crate::password::Password;

const MISMATCH: &str = "New password fields didn't match.";

/// A change of one's own password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasswordChange {
    /// The password so far, to be verified.
    pub old_password: Password,
    /// The password to set; the policy has not looked at it yet.
    pub new_password: Password,
}

impl PasswordChange {
    /// Reads the request; the new password's policy is left to the caller.
    ///
    /// # Errors
    /// Everything that is wrong with the request; new passwords that differ stand under
    /// `new_password`.
    pub fn parse(body: &Value) -> Result<Self, FieldErrors> {
        let mut input = Input::new(body)?;
        let old_password = input.required("old_password", Password::from_json);
        let new_password = input.required("new_password", Password::from_json);
        let confirmation = input.required("new_password_confirm", Password::from_json);
        if let (Some(new_password), Some(confirmation)) = (&new_password, &confirmation)
            && new_password != confirmation
        {
            input.refuse("new_password", MISMATCH);
        }
        input.finish(|| {
            Some(Self {
                old_password: old_password?,
                new_password: new_password?,
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
    fn three_passwords_make_a_change() {
        let body =
            json!({"old_password": "a ", "new_password": " b", "new_password_confirm": " b"});
        let change = PasswordChange::parse(&body).unwrap();
        assert_eq!(change.old_password.expose_secret(), "a ");
        assert_eq!(change.new_password.expose_secret(), " b");
    }

    #[test]
    fn new_passwords_must_be_the_same_to_the_byte() {
        let body = json!({"old_password": "", "new_password": "b", "new_password_confirm": "b "});
        assert_eq!(
            errors_of(PasswordChange::parse(&body)),
            json!({"old_password": ["This field may not be blank."], "new_password": [MISMATCH]})
        );
    }

    #[test]
    fn all_three_are_required() {
        let required = "This field is required.";
        assert_eq!(
            errors_of(PasswordChange::parse(&json!({}))),
            json!({
                "old_password": [required],
                "new_password": [required],
                "new_password_confirm": [required],
            })
        );
    }

    proptest! {
        #[test]
        fn any_body_is_answered(body in arbitrary_json()) {
            let _ = PasswordChange::parse(&body);
        }
    }
}
