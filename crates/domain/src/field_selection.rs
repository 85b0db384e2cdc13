//! `fields=a,b`: an answer with only some of an object's fields.

use serde_json::Value;

use crate::field_errors::FieldErrors;
use crate::text::{cut, trim};
use crate::values::BLANK;

/// How much of an unknown name is repeated in its error.
const ECHO_LIMIT: usize = 50;

/// Which fields the client wants.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldSelection {
    /// `None`: all of them.
    names: Option<Vec<&'static str>>,
}

impl FieldSelection {
    /// Reads the parameter `fields`; left out, it means all. `allowed` holds the names that the
    /// object has.
    ///
    /// # Errors
    /// Under `fields`: each name that the object does not have, or that there is none.
    pub fn parse(parameter: Option<&str>, allowed: &[&'static str]) -> Result<Self, FieldErrors> {
        let Some(parameter) = parameter else {
            return Ok(Self::default());
        };
        if trim(parameter).is_empty() {
            return Err(FieldErrors::one("fields", BLANK));
        }
        let mut errors = FieldErrors::new();
        let mut names = Vec::new();
        for asked in parameter.split(',').map(trim) {
            match allowed.iter().find(|name| **name == asked) {
                Some(name) => names.push(*name),
                None => {
                    errors.add(
                        "fields",
                        format!("There is no field \"{}\".", cut(asked, ECHO_LIMIT)),
                    );
                }
            }
        }
        if !errors.is_empty() {
            errors.add("fields", format!("Known fields: {}.", allowed.join(", ")));
        }
        errors.into_result()?;
        Ok(Self { names: Some(names) })
    }

    /// Whether nothing is to be left out.
    pub fn is_all(&self) -> bool {
        self.names.is_none()
    }

    /// Leaves only the selected fields of an object, or of each object of a list.
    #[must_use]
    pub fn apply(&self, value: Value) -> Value {
        match (&self.names, value) {
            (Some(names), Value::Object(mut object)) => {
                object.retain(|name, _| names.contains(&name.as_str()));
                Value::Object(object)
            }
            (Some(_), Value::Array(values)) => {
                Value::Array(values.into_iter().map(|value| self.apply(value)).collect())
            }
            (_, value) => value,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::testing::errors_of;

    const ALLOWED: &[&str] = &["id", "platform", "is_active"];

    #[test]
    fn selected_fields_stay() {
        let row = json!({"id": 1, "platform": "web", "is_active": true});
        let some = FieldSelection::parse(Some("platform, id,id"), ALLOWED).unwrap();
        assert!(!some.is_all());
        assert_eq!(some.apply(row.clone()), json!({"id": 1, "platform": "web"}));
        assert_eq!(
            some.apply(json!([row.clone(), row.clone()])),
            json!([{"id": 1, "platform": "web"}, {"id": 1, "platform": "web"}])
        );
        let all = FieldSelection::parse(None, ALLOWED).unwrap();
        assert!(all.is_all());
        assert_eq!(all.apply(row.clone()), row);
    }

    #[test]
    fn unknown_names_are_refused_one_by_one() {
        assert_eq!(
            errors_of(FieldSelection::parse(Some("id,token,,ID"), ALLOWED)),
            json!({"fields": [
                "There is no field \"token\".",
                "There is no field \"\".",
                "There is no field \"ID\".",
                "Known fields: id, platform, is_active.",
            ]})
        );
        assert_eq!(
            errors_of(FieldSelection::parse(Some(" "), ALLOWED)),
            json!({"fields": ["This field may not be blank."]})
        );
    }

    proptest! {
        #[test]
        fn nothing_but_allowed_fields_comes_through(text in "[a-z_,]{0,30}|id|id,platform") {
            if let Ok(selection) = FieldSelection::parse(Some(&text), ALLOWED) {
                let value = selection.apply(json!({"id": 1, "platform": 2, "token": 3}));
                prop_assert!(value.get("token").is_none());
            }
        }
    }
}
