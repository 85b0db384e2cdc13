//! What of a user not everybody sees who may see users.

use serde_json::Value;

/// The fields that are personal, wherever they stand.
const FIELDS: [&str; 5] = [
    "phone_number",
    "profile",
    "address",
    "last_login_address",
    "user_agent",
];

/// `value` without the personal fields, however deep they are.
#[must_use]
pub fn without_personal_data(value: Value) -> Value {
    match value {
        Value::Object(object) => object
            .into_iter()
            .filter(|(name, _)| !FIELDS.contains(&name.as_str()))
            .map(|(name, value)| (name, without_personal_data(value)))
            .collect(),
        Value::Array(values) => values.into_iter().map(without_personal_data).collect(),
        value => value,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::testing::arbitrary_json;

    #[test]
    fn personal_fields_are_left_out_at_every_depth() {
        let user = json!({
            "id": 1,
            "phone_number": "+49",
            "sessions": [{"id": 2, "address": "10.0.0.1", "user_agent": "x", "is_live": true}],
            "profile": {"bio": "x"},
        });
        assert_eq!(
            without_personal_data(user),
            json!({"id": 1, "sessions": [{"id": 2, "is_live": true}]})
        );
    }

    proptest! {
        #[test]
        fn nothing_personal_is_left_of_any_document(value in arbitrary_json()) {
            let text = without_personal_data(value).to_string();
            for field in FIELDS {
                let key = format!("\"{field}\":");
                prop_assert!(!text.contains(&key), "{}", text);
            }
        }
    }
}
