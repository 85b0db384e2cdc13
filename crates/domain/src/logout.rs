//! What `POST /logout` asks for.

use serde_json::Value;

use crate::field_errors::{FieldErrors, Parsed};
use crate::input::Input;
use crate::plain_token::PlainToken;
use crate::text::trim;

/// The end of a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logout {
    /// A refresh token of the session to end; `None`, null or an empty text: the caller's own.
    ///
    /// What is no text is kept as its JSON, which never verifies: a bad token of any kind gets the
    /// same answer.
    pub refresh_token: Option<PlainToken>,
}

impl Logout {
    /// # Errors
    /// If the request is no object.
    pub fn parse(body: &Value) -> Result<Self, FieldErrors> {
        let mut input = Input::new(body)?;
        let refresh_token = input.nullable("refresh_token", token).flatten().flatten();
        input.finish(|| Some(Self { refresh_token }))
    }
}

#[expect(clippy::unnecessary_wraps, reason = "the signature of a parser")]
fn token(value: &Value) -> Parsed<Option<PlainToken>> {
    Ok(match value {
        Value::String(text) => Some(trim(text))
            .filter(|text| !text.is_empty())
            .map(PlainToken::new),
        other => Some(PlainToken::new(other.to_string())),
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::testing::{arbitrary_json, errors_of};

    #[test]
    fn nothing_given_means_the_callers_own_session() {
        for body in [
            json!({}),
            json!({"refresh_token": null}),
            json!({"refresh_token": " "}),
        ] {
            assert_eq!(
                Logout::parse(&body),
                Ok(Logout {
                    refresh_token: None
                })
            );
        }
    }

    #[test]
    fn whatever_is_given_is_taken_for_a_token() {
        for (value, token) in [
            (json!(" a.b.c\n"), "a.b.c"),
            (json!("x"), "x"),
            (json!(["x"]), "[\"x\"]"),
            (json!(false), "false"),
        ] {
            let request = Logout::parse(&json!({"refresh_token": value})).unwrap();
            assert_eq!(request.refresh_token, Some(PlainToken::new(token)));
        }
    }

    #[test]
    fn a_body_that_is_no_object_is_refused() {
        assert_eq!(
            errors_of(Logout::parse(&json!("x"))),
            json!({"error": ["Invalid data. Expected a dictionary, but got str."]})
        );
    }

    proptest! {
        #[test]
        fn any_object_is_accepted(body in arbitrary_json()) {
            prop_assert_eq!(Logout::parse(&body).is_ok(), body.is_object());
        }
    }
}
