//! What `POST /auth/verification/confirm` and the other routes that take only a proof ask for.

use serde_json::Value;

use crate::account_proof::AccountProof;
use crate::field_errors::FieldErrors;
use crate::input::Input;
use crate::plain_token::PlainToken;
use crate::values::text;

/// A proof that somebody reads an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmailVerification {
    /// By what.
    pub proof: AccountProof,
}

impl EmailVerification {
    /// Reads `token`, or else `email` and `code`.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn parse(body: &Value) -> Result<Self, FieldErrors> {
        let mut input = Input::new(body)?;
        let proof = AccountProof::read(&mut input);
        input.finish(|| Some(Self { proof: proof? }))
    }

    /// Reads `token`, for what no code is sent for.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn parse_token(body: &Value) -> Result<Self, FieldErrors> {
        let mut input = Input::new(body)?;
        let token = input.required("token", text(AccountProof::LONGEST_TOKEN));
        input.finish(|| {
            Some(Self {
                proof: AccountProof::Token(PlainToken::new(token?)),
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
    fn where_no_code_is_sent_only_a_token_counts() {
        let body = json!({"email": "a@b.co", "code": "123456"});
        assert!(EmailVerification::parse(&body).is_ok());
        assert_eq!(
            errors_of(EmailVerification::parse_token(&body)),
            json!({"token": ["This field is required."]})
        );
    }

    proptest! {
        #[test]
        fn any_body_is_answered(body in arbitrary_json()) {
            let _ = EmailVerification::parse(&body);
            let _ = EmailVerification::parse_token(&body);
        }
    }
}
