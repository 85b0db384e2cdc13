//! Reading a JSON object field by field, so that all that is wrong with it is found at once.

use serde_json::{Map, Value};

use crate::field_errors::{FieldErrors, Parsed, Problem};

const REQUIRED: &str = "This field is required.";
const NULL: &str = "This field may not be null.";

/// An object that is being read, and what was found wrong with it so far.
///
/// Each method reads one field with a parser of [`crate::values`] or one's own. It answers `None`
/// both for a field that was not given and for a bad one: [`Input::finish`] tells which. Fields
/// that nobody asks for are ignored, as the contract says.
pub struct Input<'a> {
    object: &'a Map<String, Value>,
    errors: FieldErrors,
}

impl<'a> Input<'a> {
    /// # Errors
    /// If `value` is not an object.
    pub fn new(value: &'a Value) -> Result<Self, FieldErrors> {
        match value {
            Value::Object(object) => Ok(Self {
                object,
                errors: FieldErrors::new(),
            }),
            other => Err(FieldErrors::general(format!(
                "Invalid data. Expected a dictionary, but got {}.",
                type_name(other)
            ))),
        }
    }

    /// Whether a field was given, whatever it holds.
    pub fn has(&self, name: &str) -> bool {
        self.object.contains_key(name)
    }

    /// A field that must be there and not null.
    pub fn required<T>(
        &mut self,
        name: &'static str,
        parser: impl FnOnce(&'a Value) -> Parsed<T>,
    ) -> Option<T> {
        if !self.object.contains_key(name) {
            self.errors.add(name, REQUIRED);
        }
        self.optional(name, parser)
    }

    /// A field that may be left out, but not be null.
    pub fn optional<T>(
        &mut self,
        name: &'static str,
        parser: impl FnOnce(&'a Value) -> Parsed<T>,
    ) -> Option<T> {
        let parsed = match self.object.get(name)? {
            Value::Null => Err(NULL.into()),
            value => parser(value),
        };
        parsed.map_err(|problem| self.refuse(name, problem)).ok()
    }

    /// A field that may be left out (`None`) or be null (`Some(None)`).
    pub fn nullable<T>(
        &mut self,
        name: &'static str,
        parser: impl FnOnce(&'a Value) -> Parsed<T>,
    ) -> Option<Option<T>> {
        match self.object.get(name)? {
            Value::Null => Some(None),
            _ => self.optional(name, parser).map(Some),
        }
    }

    /// Notes something wrong with a field that was found by other means.
    pub fn refuse(&mut self, name: &'static str, problem: impl Into<Problem>) {
        self.errors.push(name, problem.into());
    }

    /// What was found wrong, for who goes on with what could be read.
    pub(crate) fn into_errors(self) -> FieldErrors {
        self.errors
    }

    /// Builds the request if nothing was wrong. `build` answers `None` only where a required field
    /// is missing, which is among the errors by then.
    ///
    /// # Errors
    /// Everything that was found wrong.
    pub fn finish<T>(self, build: impl FnOnce() -> Option<T>) -> Result<T, FieldErrors> {
        self.errors.into_result()?;
        build().ok_or_else(|| FieldErrors::general("The request is incomplete."))
    }
}

/// The type's name in the old service's texts.
pub(crate) fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "NoneType",
        Value::Bool(_) => "bool",
        Value::Number(number) if number.is_f64() => "float",
        Value::Number(_) => "int",
        Value::String(_) => "str",
        Value::Array(_) => "list",
        Value::Object(_) => "dict",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::{arbitrary_json, errors_of};
    use crate::values::{boolean, text};

    type Person = (String, Option<bool>, Option<Option<String>>);

    fn read(value: &Value) -> Result<Person, FieldErrors> {
        let mut input = Input::new(value)?;
        let name = input.required("name", text(5));
        let active = input.optional("active", boolean);
        let phone = input.nullable("phone", text(3));
        input.finish(|| Some((name?, active, phone)))
    }

    #[test]
    fn what_is_no_object_is_refused_with_its_type() {
        for (value, name) in [
            (json!([1]), "list"),
            (json!("x"), "str"),
            (json!(1), "int"),
            (json!(1.5), "float"),
            (json!(true), "bool"),
            (json!(null), "NoneType"),
        ] {
            let text = format!("Invalid data. Expected a dictionary, but got {name}.");
            assert_eq!(errors_of(read(&value)), json!({ "error": [text] }));
        }
    }

    #[test]
    fn left_out_null_and_given_are_told_apart() {
        assert_eq!(read(&json!({"name": "a"})), Ok(("a".into(), None, None)));
        assert_eq!(
            read(&json!({"name": "a", "phone": null, "active": true, "other": 1})),
            Ok(("a".into(), Some(true), Some(None)))
        );
        assert_eq!(
            read(&json!({"name": "a", "phone": "1"})),
            Ok(("a".into(), None, Some(Some("1".into()))))
        );
    }

    #[test]
    fn all_errors_are_reported_at_once() {
        assert_eq!(
            errors_of(read(&json!({"active": null, "phone": "1234"}))),
            json!({
                "name": ["This field is required."],
                "active": ["This field may not be null."],
                "phone": ["Ensure this field has no more than 3 characters."],
            })
        );
        assert_eq!(
            errors_of(read(&json!({"name": null}))),
            json!({"name": ["This field may not be null."]})
        );
    }

    proptest::proptest! {
        #[test]
        fn any_json_is_answered(value in arbitrary_json()) {
            if let Err(errors) = read(&value) {
                proptest::prop_assert!(!errors.is_empty());
            }
        }
    }
}
