//! By what somebody proves that he reads an e-mail address: the token that was sent there, or the
//! six-digit code beside it.

use std::fmt;

use crate::email::Email;
use crate::field_errors::{FieldErrors, Parsed};
use crate::input::Input;
use crate::plain_token::PlainToken;
use crate::values::{parsed, text};

const NOT_A_CODE: &str = "Enter the six digits of the code.";

/// A six-digit code, as a person types it. `Debug` prints only the type's name.
#[derive(Clone, PartialEq, Eq)]
pub struct AccountCode(String);

impl AccountCode {
    /// How many digits a code has: the fewest that NIST SP 800-63B-4, section 4.2.1.2, allows.
    pub const DIGITS: usize = 6;

    /// The code that `chance`, a random number, stands for.
    pub fn of_chance(chance: u64) -> Self {
        Self(format!(
            "{:0digits$}",
            chance % 1_000_000,
            digits = Self::DIGITS
        ))
    }

    /// Reads a code; spaces in it are for the eye.
    ///
    /// # Errors
    /// If it is not of six digits.
    pub fn parse(text: &str) -> Parsed<Self> {
        let code: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        if code.len() == Self::DIGITS && code.bytes().all(|byte| byte.is_ascii_digit()) {
            Ok(Self(code))
        } else {
            Err(NOT_A_CODE.into())
        }
    }

    /// The digits.
    pub fn expose_secret(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for AccountCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AccountCode")
    }
}

/// What was sent to an address, come back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AccountProof {
    /// The token: it says by itself whose it is.
    Token(PlainToken),
    /// The code, good only with the address that it was sent to.
    Code {
        /// The address.
        email: Email,
        /// The code.
        code: AccountCode,
    },
}

impl AccountProof {
    /// Longer than any token of ours, in characters.
    pub const LONGEST_TOKEN: usize = 200;

    /// Reads `token`, or else `email` and `code`.
    pub(crate) fn read(input: &mut Input<'_>) -> Option<Self> {
        if input.has("token") || !input.has("code") {
            let token = input.required("token", text(Self::LONGEST_TOKEN))?;
            return Some(Self::Token(PlainToken::new(token)));
        }
        let email = input.required("email", parsed(Email::parse));
        let code = input.required("code", parsed(AccountCode::parse));
        Some(Self::Code {
            email: email?,
            code: code?,
        })
    }

    /// What is said of one that is not good, whatever the reason.
    pub fn refusal(&self) -> FieldErrors {
        match self {
            Self::Token(_) => FieldErrors::one("token", "This token is invalid or has expired."),
            Self::Code { .. } => FieldErrors::one("code", "This code is invalid or has expired."),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;
    use crate::testing::errors_of;

    fn read(body: &Value) -> Result<AccountProof, FieldErrors> {
        let mut input = Input::new(body)?;
        let proof = AccountProof::read(&mut input);
        input.finish(|| proof)
    }

    #[test]
    fn a_token_is_enough_and_comes_before_a_code() {
        let body = json!({"token": " ab ", "code": "x"});
        let AccountProof::Token(token) = read(&body).unwrap() else {
            panic!("a token")
        };
        assert_eq!(token.expose_secret(), "ab");
    }

    #[test]
    fn a_code_may_have_spaces_and_needs_its_address() {
        let body = json!({"email": "A@b.co", "code": " 012 345 "});
        let AccountProof::Code { email, code } = read(&body).unwrap() else {
            panic!("a code")
        };
        assert_eq!((email.as_str(), code.expose_secret()), ("a@b.co", "012345"));
        assert_eq!(
            errors_of(read(&json!({"code": "12345"}))),
            json!({"email": ["This field is required."], "code": [NOT_A_CODE]})
        );
    }

    #[test]
    fn something_has_to_be_proved_by() {
        assert_eq!(
            errors_of(read(&json!({"email": "a@b.co"}))),
            json!({"token": ["This field is required."]})
        );
    }

    #[test]
    fn debug_output_holds_no_code() {
        assert_eq!(format!("{:?}", AccountCode::of_chance(7)), "AccountCode");
    }

    proptest! {
        #[test]
        fn a_code_of_chance_is_one(chance in any::<u64>()) {
            let code = AccountCode::of_chance(chance);
            prop_assert_eq!(AccountCode::parse(code.expose_secret()), Ok(code));
        }

        #[test]
        fn any_text_is_answered(text in any::<String>()) {
            let _ = AccountCode::parse(&text);
        }
    }
}
