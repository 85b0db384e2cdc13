//! What asks for a message to an address: `POST /auth/password-reset` and `POST
//! /auth/verification`.

use serde_json::Value;

use crate::email::Email;
use crate::field_errors::FieldErrors;
use crate::input::Input;
use crate::values::parsed;

/// The wish for a message to the address of an account, which need not exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddressRequest {
    /// Where the message goes.
    pub email: Email,
}

impl AddressRequest {
    /// Reads the request.
    ///
    /// # Errors
    /// If the address is missing or none.
    pub fn parse(body: &Value) -> Result<Self, FieldErrors> {
        let mut input = Input::new(body)?;
        let email = input.required("email", parsed(Email::parse));
        input.finish(|| Some(Self { email: email? }))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::errors_of;

    #[test]
    fn the_address_is_required() {
        let request = AddressRequest::parse(&json!({"email": " A@b.co"})).unwrap();
        assert_eq!(request.email.as_str(), "a@b.co");
        assert_eq!(
            errors_of(AddressRequest::parse(&json!({}))),
            json!({"email": ["This field is required."]})
        );
    }
}
