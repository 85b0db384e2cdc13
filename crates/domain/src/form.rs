//! HTML forms as request bodies, which old clients send.

use serde_json::{Map, Value};
use thiserror::Error;

pub use crate::url_encoded::EncodingError;
use crate::url_encoded::pairs;

/// Deepest nesting of a field's name. No request of the API goes deeper than two.
const DEEPEST: usize = 8;

/// Why a body is no form. The texts are fit for the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum FormError {
    /// The encoding is broken.
    #[error("Form parse error - field {field}: {cause}")]
    Encoding {
        /// The place of the broken field, counted from 1.
        field: usize,
        /// What is wrong there.
        cause: EncodingError,
    },
    /// A name stands for both a value and an object, as `a` does in `a=1&a.b=2`.
    #[error("Form parse error - field {field}: its name is both a value's and an object's")]
    Conflict {
        /// The place of the second of the two, counted from 1.
        field: usize,
    },
    /// A name has more than eight dotted parts.
    #[error("Form parse error - field {field}: its name has too many dots")]
    TooDeep {
        /// The place of the field, counted from 1.
        field: usize,
    },
}

/// Reads an `application/x-www-form-urlencoded` body as the object that it would be in JSON.
///
/// Dots in names nest (`preferences.email`), values are text. Where a name stands twice, the last
/// value counts, as in Django.
///
/// # Errors
/// If the body is no form in UTF-8 or its names contradict each other.
pub fn parse(body: &[u8]) -> Result<Value, FormError> {
    let mut form = Map::new();
    for (index, pair) in pairs(body).enumerate() {
        let field = index + 1;
        let (name, value) = pair.map_err(|cause| FormError::Encoding { field, cause })?;
        if name.split('.').count() > DEEPEST {
            return Err(FormError::TooDeep { field });
        }
        insert(&mut form, &name, value).ok_or(FormError::Conflict { field })?;
    }
    Ok(Value::Object(form))
}

/// Puts `value` in its place; `None` if something of the other kind is there.
fn insert(object: &mut Map<String, Value>, name: &str, value: String) -> Option<()> {
    let Some((outer, inner)) = name.split_once('.') else {
        let place = object.entry(name).or_insert(Value::Null);
        if place.is_object() {
            return None;
        }
        *place = Value::String(value);
        return Some(());
    };
    let nested = object
        .entry(outer)
        .or_insert_with(|| Value::Object(Map::new()));
    insert(nested.as_object_mut()?, inner, value)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::registration::Registration;

    #[test]
    fn dotted_names_nest() {
        assert_eq!(
            parse(b"name=Ada+L&preferences.email=1&preferences.push=off&name=Ada"),
            Ok(json!({"name": "Ada", "preferences": {"email": "1", "push": "off"}}))
        );
        assert_eq!(parse(b""), Ok(json!({})));
    }

    #[test]
    fn a_form_makes_a_request() {
        let body =
            parse(b"name=Ada+L&email=a%40b.co&password=p+w&preferences.email=false").unwrap();
        let request = Registration::parse(&body).unwrap();
        assert_eq!(request.email.as_str(), "a@b.co");
        assert_eq!(request.password.expose_secret(), "p w");
        assert!(!request.email_enabled && request.push_enabled);
    }

    #[test]
    fn broken_forms_are_refused_and_the_place_is_named() {
        let encoding = |field, cause| FormError::Encoding { field, cause };
        for (body, error) in [
            (&b"a=1&b=%zz"[..], encoding(2, EncodingError::Percent)),
            (b"a=\xff", encoding(1, EncodingError::Utf8)),
            (b"a=1&a.b=2", FormError::Conflict { field: 2 }),
            (b"a.b=2&c=1&a=1", FormError::Conflict { field: 3 }),
            (b"a.b.c.d.e.f.g.h.i=1", FormError::TooDeep { field: 1 }),
        ] {
            assert_eq!(parse(body), Err(error));
        }
        assert_eq!(
            parse(b"a=1&b=%zz").unwrap_err().to_string(),
            "Form parse error - field 2: a percent sign is not followed by two hexadecimal digits"
        );
        assert_eq!(
            parse(&b".".repeat(1 << 20)),
            Err(FormError::TooDeep { field: 1 })
        );
    }

    proptest! {
        #[test]
        fn any_bytes_are_answered(bytes in any::<Vec<u8>>(), form in "[a-c.=&%+]{0,60}") {
            let _ = parse(&bytes);
            if let Ok(value) = parse(form.as_bytes()) {
                prop_assert!(value.is_object());
            }
        }
    }
}
