//! What `POST /services/users/lookup` asks for.

use serde_json::Value;

use crate::email::Email;
use crate::field_errors::{FieldErrors, Parsed};
use crate::ids::UserId;
use crate::input::Input;
use crate::values::parsed;

/// Users to look up, each once, in the order in which they are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UserLookup {
    /// By their identifiers.
    Ids(Vec<UserId>),
    /// By their e-mail addresses.
    Emails(Vec<Email>),
}

impl UserLookup {
    /// Most users that are looked up at once.
    pub const MOST: usize = 500;

    /// Reads `ids` or `emails`: 1 to 500 of them.
    ///
    /// # Errors
    /// If there is not exactly one of the two; under its name, by place, each value that is none.
    pub fn parse(body: &Value) -> Result<Self, FieldErrors> {
        let mut input = Input::new(body)?;
        let ids = input.optional("ids", list(parsed(user_id)));
        let emails = input.optional("emails", list(parsed(Email::parse)));
        let given = ["ids", "emails"].map(|name| body.get(name).is_some());
        if given == [true, true] || given == [false, false] {
            input.refuse("error", "Give either ids or emails.");
        }
        input.finish(|| ids.map(Self::Ids).or(emails.map(Self::Emails)))
    }
}

fn user_id(text: &str) -> Parsed<UserId> {
    UserId::parse(text).map_err(|_| "Must be a valid UUID.".into())
}

/// A list of what `parse` reads; of equal elements the first stays.
fn list<T: PartialEq>(parse: impl Fn(&Value) -> Parsed<T>) -> impl Fn(&Value) -> Parsed<Vec<T>> {
    move |value| {
        let Value::Array(values) = value else {
            return Err("Expected a list of items.".into());
        };
        if values.is_empty() {
            return Err("This list may not be empty.".into());
        }
        if values.len() > UserLookup::MOST {
            return Err(format!(
                "Ensure this field has no more than {} elements.",
                UserLookup::MOST
            )
            .into());
        }
        let mut errors = FieldErrors::new();
        let mut elements = Vec::with_capacity(values.len());
        for (place, value) in values.iter().enumerate() {
            match parse(value) {
                Ok(element) if elements.contains(&element) => {}
                Ok(element) => elements.push(element),
                Err(problem) => errors.push(place.to_string(), problem),
            }
        }
        errors.into_result()?;
        Ok(elements)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::testing::{arbitrary_json, errors_of};

    const ADA: &str = "a8b99449-0370-4235-a274-fe2dff1c0862";
    const BOB: &str = "0190b8e4-7f2a-7c3d-9e1f-5a6b7c8d9e0f";

    #[test]
    fn users_are_read_in_their_order_and_once() {
        let id = |text| UserId::parse(text).unwrap();
        assert_eq!(
            UserLookup::parse(&json!({"ids": [BOB, ADA, BOB.to_uppercase()]})),
            Ok(UserLookup::Ids(vec![id(BOB), id(ADA)]))
        );
        let email = |text| Email::parse(text).unwrap();
        assert_eq!(
            UserLookup::parse(&json!({"emails": ["B@x.co", " a@x.co", "b@X.co"]})),
            Ok(UserLookup::Emails(vec![email("b@x.co"), email("a@x.co")]))
        );
    }

    #[test]
    fn what_is_wrong_is_named_by_its_place() {
        assert_eq!(
            errors_of(UserLookup::parse(&json!({"ids": [ADA, "x", null, 7, ADA]}))),
            json!({"ids": {
                "1": ["Must be a valid UUID."],
                "2": ["Not a valid string."],
                "3": ["Must be a valid UUID."],
            }})
        );
        assert_eq!(
            errors_of(UserLookup::parse(&json!({"emails": ["a@x.co", "a"]}))),
            json!({"emails": {"1": ["Enter a valid email address."]}})
        );
    }

    #[test]
    fn one_to_500_of_one_kind_are_asked_for() {
        let either = json!({"error": ["Give either ids or emails."]});
        assert_eq!(errors_of(UserLookup::parse(&json!({}))), either);
        let both = json!({"ids": [ADA], "emails": ["a@x.co"]});
        assert_eq!(errors_of(UserLookup::parse(&both)), either);
        for (ids, text) in [
            (json!([]), "This list may not be empty."),
            (json!(ADA), "Expected a list of items."),
            (json!(null), "This field may not be null."),
            (
                json!(vec![ADA; 501]),
                "Ensure this field has no more than 500 elements.",
            ),
        ] {
            assert_eq!(
                errors_of(UserLookup::parse(&json!({"ids": ids}))),
                json!({"ids": [text]})
            );
        }
        assert!(UserLookup::parse(&json!({"ids": vec![ADA; 500]})).is_ok());
    }

    proptest! {
        #[test]
        fn any_body_is_answered(body in arbitrary_json()) {
            let _ = UserLookup::parse(&body);
        }
    }
}
