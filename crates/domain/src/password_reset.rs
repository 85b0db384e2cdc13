//! What `POST /auth/password-reset/confirm` asks for.

use serde_json::Value;

use crate::account_proof::AccountProof;
use crate::field_errors::FieldErrors;
use crate::input::Input;
use crate::password::Password;
use crate::password_change::MISMATCH;

/// A new password, from somebody who proves to read the account's mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasswordReset {
    /// By what he proves it.
    pub proof: AccountProof,
    /// The password to set; the policy has not looked at it yet.
    pub new_password: Password,
}

impl PasswordReset {
    /// Reads the request.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn parse(body: &Value) -> Result<Self, FieldErrors> {
        let mut input = Input::new(body)?;
        let proof = AccountProof::read(&mut input);
        let new_password = input.required("new_password", Password::from_json);
        let confirmation = input.required("new_password_confirm", Password::from_json);
        if let (Some(new_password), Some(confirmation)) = (&new_password, &confirmation)
            && new_password != confirmation
        {
            input.refuse("new_password", MISMATCH);
        }
        input.finish(|| {
            Some(Self {
                proof: proof?,
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
    fn the_new_password_is_taken_as_it_was_typed() {
        let body = json!({"token": "t", "new_password": " b", "new_password_confirm": " b"});
        let reset = PasswordReset::parse(&body).unwrap();
        assert_eq!(reset.new_password.expose_secret(), " b");
    }

    #[test]
    fn all_that_is_wrong_is_told_at_once() {
        let body = json!({"new_password": "a", "new_password_confirm": "b"});
        assert_eq!(
            errors_of(PasswordReset::parse(&body)),
            json!({"token": ["This field is required."], "new_password": [MISMATCH]})
        );
    }

    proptest! {
        #[test]
        fn any_body_is_answered(body in arbitrary_json()) {
            let _ = PasswordReset::parse(&body);
        }
    }
}
