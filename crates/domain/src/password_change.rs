//! What `POST /change-password` asks for.

use serde_json::Value;

use crate::field_errors::FieldErrors;
use crate::input::Input;
use crate::password::Password;

pub(crate) const MISMATCH: &str = "New password fields didn't match.";

/// What a request for a change of one's own password says, as far as it could be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasswordChangeRequest {
    /// The password so far, to be verified.
    pub old_password: Option<Password>,
    /// The password to set; the policy has not looked at it yet.
    pub new_password: Option<Password>,
    errors: FieldErrors,
}

impl PasswordChangeRequest {
    /// Reads the request. What is wrong with it is kept, so that it is told together with what is
    /// found out later.
    ///
    /// # Errors
    /// If it is no object.
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
        Ok(Self {
            old_password,
            new_password,
            errors: input.into_errors(),
        })
    }

    /// The password to set, if nothing is wrong: neither with the request, nor `found` since.
    ///
    /// # Errors
    /// Everything that is wrong; a new password that is confirmed by another one stands under
    /// `new_password`.
    pub fn accept(self, found: FieldErrors) -> Result<Password, FieldErrors> {
        let mut errors = self.errors;
        errors.merge(found);
        errors.into_result()?;
        self.new_password
            .ok_or_else(|| FieldErrors::general("The request is incomplete."))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::testing::{arbitrary_json, errors_of};

    fn accepted(body: &Value) -> Result<Password, FieldErrors> {
        PasswordChangeRequest::parse(body)?.accept(FieldErrors::new())
    }

    #[test]
    fn three_passwords_make_a_change() {
        let body =
            json!({"old_password": "a ", "new_password": " b", "new_password_confirm": " b"});
        let request = PasswordChangeRequest::parse(&body).unwrap();
        let old_password = request.old_password.as_ref().unwrap();
        assert_eq!(old_password.expose_secret(), "a ");
        let new_password = request.accept(FieldErrors::new()).unwrap();
        assert_eq!(new_password.expose_secret(), " b");
    }

    #[test]
    fn new_passwords_must_be_the_same_to_the_byte() {
        let body = json!({"old_password": "", "new_password": "b", "new_password_confirm": "b "});
        assert_eq!(
            errors_of(accepted(&body)),
            json!({"old_password": ["This field may not be blank."], "new_password": [MISMATCH]})
        );
    }

    #[test]
    fn all_three_are_required() {
        let required = "This field is required.";
        assert_eq!(
            errors_of(accepted(&json!({}))),
            json!({
                "old_password": [required],
                "new_password": [required],
                "new_password_confirm": [required],
            })
        );
    }

    #[test]
    fn what_is_found_later_stands_beside_what_is_wrong_with_the_request() {
        let body = json!({"old_password": "a", "new_password": "b", "new_password_confirm": "c"});
        let request = PasswordChangeRequest::parse(&body).unwrap();
        let mut found = FieldErrors::one("old_password", "wrong");
        found.add("new_password", "weak");
        assert_eq!(
            errors_of(request.accept(found)),
            json!({"new_password": [MISMATCH, "weak"], "old_password": ["wrong"]})
        );
    }

    proptest! {
        #[test]
        fn any_body_is_answered(body in arbitrary_json()) {
            let _ = accepted(&body);
        }
    }
}
