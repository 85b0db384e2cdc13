//! What `POST /services/introspect` and `POST /services/revoke` ask for.

use serde_json::Value;

use crate::field_errors::{FieldErrors, Parsed};
use crate::input::Input;
use crate::plain_token::PlainToken;
use crate::values::parsed;

/// A token that a service asks about, of whatever type. A `token_type_hint` is not looked at: the token
/// itself says what it is (RFC 7009, section 2.1, leaves that to the server).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PresentedToken {
    /// The token; whether it is one, only verifying it shows.
    pub token: PlainToken,
}

impl PresentedToken {
    /// # Errors
    /// If there is no token in the request.
    pub fn parse(body: &Value) -> Result<Self, FieldErrors> {
        let mut input = Input::new(body)?;
        let token = input.required("token", parsed(token));
        input.finish(|| Some(Self { token: token? }))
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
    fn any_text_is_taken_for_a_token_whatever_the_hint_says() {
        for hint in [json!("access_token"), json!("something else"), json!(7)] {
            let body = json!({"token": " a.b.c ", "token_type_hint": hint});
            let request = PresentedToken::parse(&body).unwrap();
            assert_eq!(request.token.expose_secret(), "a.b.c");
            assert_eq!(
                format!("{request:?}"),
                "PresentedToken { token: PlainToken }"
            );
        }
    }

    #[test]
    fn no_token_is_an_error() {
        for (body, text) in [
            (json!({}), "This field is required."),
            (json!({"token": ""}), "This field may not be blank."),
            (json!({"token": {}}), "Not a valid string."),
        ] {
            assert_eq!(
                errors_of(PresentedToken::parse(&body)),
                json!({"token": [text]})
            );
        }
    }

    proptest! {
        #[test]
        fn any_body_is_answered(body in arbitrary_json()) {
            let _ = PresentedToken::parse(&body);
        }
    }
}
