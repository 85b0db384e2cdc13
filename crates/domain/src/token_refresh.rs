//! What `POST /token/refresh` asks for.

use serde_json::Value;

use crate::field_errors::{FieldErrors, Parsed};
use crate::input::Input;
use crate::plain_token::PlainToken;
use crate::values::parsed;

/// A wish for the next pair of tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenRefresh {
    /// The refresh token; whether it is one, only verifying it shows.
    pub refresh: PlainToken,
}

impl TokenRefresh {
    /// # Errors
    /// If there is no token in the request.
    pub fn parse(body: &Value) -> Result<Self, FieldErrors> {
        let mut input = Input::new(body)?;
        let refresh = input.required("refresh", parsed(token));
        input.finish(|| Some(Self { refresh: refresh? }))
    }
}

#[expect(clippy::unnecessary_wraps, reason = "the signature of a parser")]
fn token(text: &str) -> Parsed<PlainToken> {
    Ok(PlainToken::new(text))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::testing::{arbitrary_json, errors_of};

    #[test]
    fn any_text_is_taken_for_a_token() {
        for (value, token) in [
            (json!(" a.b.c "), "a.b.c"),
            (json!("x"), "x"),
            (json!(1), "1"),
        ] {
            let request = TokenRefresh::parse(&json!({"refresh": value})).unwrap();
            assert_eq!(request.refresh.expose_secret(), token);
            assert_eq!(
                format!("{request:?}"),
                "TokenRefresh { refresh: PlainToken }"
            );
        }
    }

    #[test]
    fn no_token_is_an_error() {
        for (body, text) in [
            (json!({}), "This field is required."),
            (json!({"refresh": null}), "This field may not be null."),
            (json!({"refresh": " "}), "This field may not be blank."),
            (json!({"refresh": ["x"]}), "Not a valid string."),
        ] {
            assert_eq!(
                errors_of(TokenRefresh::parse(&body)),
                json!({"refresh": [text]})
            );
        }
    }

    proptest! {
        #[test]
        fn any_body_is_answered(body in arbitrary_json()) {
            let _ = TokenRefresh::parse(&body);
        }
    }
}
