//! The bodies of requests: JSON and, for clients of the service before this one, forms.

use serde_json::{Map, Value, json};

use crate::schema::{Field, Schema, reference, request};

/// What a request has to say.
#[derive(Clone, Debug)]
pub(crate) struct Body {
    schema: Schema,
    example: Value,
    is_required: bool,
    media_types: &'static [&'static str],
}

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";

impl Body {
    /// A body with `fields`, of which `example` is one.
    pub(crate) fn new(fields: Vec<Field>, example: Value) -> Self {
        let is_required = fields.iter().any(|field| field.is_required);
        Self::of(request(fields), example, is_required)
    }

    /// A body of this `schema`, of which `example` is one.
    pub(crate) fn of(schema: Schema, example: Value, is_required: bool) -> Self {
        Self {
            schema,
            example,
            is_required,
            media_types: &[JSON, FORM],
        }
    }

    /// The same where no form can say it: it has a list.
    #[must_use]
    pub(crate) fn in_json_only(self) -> Self {
        self.forms(&[JSON])
    }

    /// The same in these media types.
    #[must_use]
    pub(crate) fn forms(self, media_types: &'static [&'static str]) -> Self {
        Self {
            media_types,
            ..self
        }
    }

    /// What it has to say.
    pub(crate) fn schema(&self) -> Schema {
        self.schema.clone()
    }

    /// The operation's `requestBody`, whose schema is called `name` among the components.
    pub(crate) fn value(&self, name: &str) -> Value {
        let content: Map<String, Value> = self
            .media_types
            .iter()
            .map(|media_type| ((*media_type).to_owned(), self.content(media_type, name)))
            .collect();
        json!({"required": self.is_required, "content": content})
    }

    fn content(&self, media_type: &str, name: &str) -> Value {
        let schema = self.schema.clone().into_value();
        let flat_schema = flat(schema.clone());
        if media_type == JSON || flat_schema == schema {
            json!({"schema": reference(name).into_value(), "example": self.example})
        } else {
            json!({"schema": flat_schema, "example": flat_example(&self.example)})
        }
    }
}

/// The schema of the form that says what an object of `schema` does: names of nested fields have dots,
/// and which of those have to be there is left to the server.
fn flat(mut schema: Value) -> Value {
    let Some(properties) = schema["properties"].as_object() else {
        return schema;
    };
    let mut flattened = Map::new();
    let mut nested = Vec::new();
    for (name, property) in properties {
        match property["properties"].as_object() {
            Some(inner) => {
                nested.push(name.clone());
                flattened.extend(
                    inner
                        .iter()
                        .map(|(inner, property)| (format!("{name}.{inner}"), property.clone())),
                );
            }
            None => {
                flattened.insert(name.clone(), property.clone());
            }
        }
    }
    if let Some(required) = schema.get_mut("required").and_then(Value::as_array_mut) {
        required.retain(|name| !nested.iter().any(|nested| name == nested));
    }
    schema["properties"] = Value::Object(flattened);
    schema
}

/// The fields of the form that says what the object `example` does.
fn flat_example(example: &Value) -> Value {
    let mut flattened = Map::new();
    for (name, value) in example.as_object().into_iter().flatten() {
        match value.as_object() {
            Some(inner) => flattened.extend(
                inner
                    .iter()
                    .map(|(inner, value)| (format!("{name}.{inner}"), value.clone())),
            ),
            None => {
                flattened.insert(name.clone(), value.clone());
            }
        }
    }
    Value::Object(flattened)
}
