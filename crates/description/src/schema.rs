//! JSON Schemas (draft 2020-12, which `OpenAPI` 3.1 takes as they are), put together from small ones.

use serde_json::{Map, Value, json};

/// A JSON Schema.
#[derive(Clone, Debug)]
pub(crate) struct Schema(Value);

/// A field of an object.
#[derive(Clone, Debug)]
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) schema: Schema,
    pub(crate) is_required: bool,
}

impl Schema {
    /// The schema itself.
    pub(crate) fn into_value(self) -> Value {
        self.0
    }

    /// The same with a keyword more.
    pub(crate) fn with(mut self, keyword: &str, value: impl Into<Value>) -> Self {
        self.0[keyword] = value.into();
        self
    }

    /// The same, said to mean `text`.
    pub(crate) fn described(self, text: &str) -> Self {
        self.with("description", text)
    }

    /// The same, which is `value` where it is left out.
    pub(crate) fn default(self, value: impl Into<Value>) -> Self {
        self.with("default", value)
    }

    /// The same, or null.
    pub(crate) fn nullable(mut self) -> Self {
        let Some(name) = self.0["type"].as_str().map(str::to_owned) else {
            return Self(json!({"anyOf": [self.0, {"type": "null"}]}));
        };
        if let Some(words) = self.0.get_mut("enum").and_then(Value::as_array_mut) {
            words.push(Value::Null);
        }
        self.with("type", json!([name, "null"]))
    }
}

impl Field {
    /// The same, which may be left out.
    pub(crate) fn left_out(self) -> Self {
        Self {
            is_required: false,
            ..self
        }
    }
}

/// Text of at most `most` characters.
pub(crate) fn text(most: usize) -> Schema {
    string().with("maxLength", most)
}

/// Text of 1 to `most` characters, not all of them white space, which for Python's `str.strip` some
/// control characters are.
pub(crate) fn text_not_blank(most: usize) -> Schema {
    text(most)
        .with("minLength", 1)
        .with("pattern", r"[^\s\x1c-\x1f\x85]")
}

/// Any text.
pub(crate) fn string() -> Schema {
    Schema(json!({"type": "string"}))
}

/// Text that `pattern` matches.
pub(crate) fn pattern(pattern: &str) -> Schema {
    string().with("pattern", pattern)
}

/// An identifier.
pub(crate) fn uuid() -> Schema {
    string().with("format", "uuid")
}

/// An e-mail address of at most 254 characters.
pub(crate) fn email() -> Schema {
    text(domain::Email::LONGEST)
        .with("format", "email")
        .with("minLength", 3)
}

/// A moment: ISO 8601 in UTC with microseconds.
pub(crate) fn timestamp() -> Schema {
    string()
        .with("format", "date-time")
        .with("pattern", r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}Z$")
}

/// True or false.
pub(crate) fn boolean() -> Schema {
    Schema(json!({"type": "boolean"}))
}

/// A whole number from `least` to `most`.
pub(crate) fn integer(least: i64, most: i64) -> Schema {
    Schema(json!({"type": "integer", "minimum": least, "maximum": most}))
}

/// How many there are of something.
pub(crate) fn count() -> Schema {
    Schema(json!({"type": "integer", "minimum": 0}))
}

/// A number that is not negative.
pub(crate) fn number() -> Schema {
    Schema(json!({"type": "number", "minimum": 0}))
}

/// Null.
pub(crate) fn null() -> Schema {
    Schema(json!({"type": "null"}))
}

/// Exactly this text, boolean or whole number.
pub(crate) fn constant(value: impl Into<Value>) -> Schema {
    let value = value.into();
    let type_name = match value {
        Value::String(_) => "string",
        Value::Bool(_) => "boolean",
        _ => "integer",
    };
    Schema(json!({"type": type_name, "const": value}))
}

/// One of these words.
pub(crate) fn words<'a>(words: impl IntoIterator<Item = &'a str>) -> Schema {
    let words: Vec<&str> = words.into_iter().collect();
    Schema(json!({"type": "string", "enum": words}))
}

/// A list of `items`.
pub(crate) fn list(items: Schema) -> Schema {
    Schema(json!({"type": "array"})).with("items", items.0)
}

/// What `schemas/<name>` of the components is.
pub(crate) fn reference(name: &str) -> Schema {
    Schema(json!({"$ref": format!("#/components/schemas/{name}")}))
}

/// Whatever there is.
pub(crate) fn anything() -> Schema {
    Schema(json!({}))
}

/// Any of these.
pub(crate) fn any_of(schemas: impl IntoIterator<Item = Schema>) -> Schema {
    let schemas: Vec<Value> = schemas.into_iter().map(Schema::into_value).collect();
    Schema(json!({"anyOf": schemas}))
}

/// What holds of all that is an object, whatever is in it.
pub(crate) fn any_object() -> Schema {
    Schema(json!({"type": "object"}))
}

/// A field that is always there.
pub(crate) fn field(name: &'static str, schema: Schema, description: &str) -> Field {
    Field {
        name,
        schema: schema.described(description),
        is_required: true,
    }
}

/// A field that may be left out.
pub(crate) fn optional(name: &'static str, schema: Schema, description: &str) -> Field {
    field(name, schema, description).left_out()
}

/// An object of a request: fields that it does not name are ignored.
pub(crate) fn request(fields: impl IntoIterator<Item = Field>) -> Schema {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for field in fields {
        if field.is_required {
            required.push(field.name);
        }
        properties.insert(field.name.to_owned(), field.schema.0);
    }
    let object = Schema(json!({"type": "object", "properties": properties}));
    if required.is_empty() {
        object
    } else {
        object.with("required", required)
    }
}

/// An object of an answer: it has no other fields.
pub(crate) fn object(fields: impl IntoIterator<Item = Field>) -> Schema {
    request(fields).with("additionalProperties", false)
}

/// The same object with any of its fields left out.
pub(crate) fn partial(fields: impl IntoIterator<Item = Field>) -> Schema {
    object(fields.into_iter().map(Field::left_out))
}

impl From<Value> for Schema {
    fn from(schema: Value) -> Self {
        Self(schema)
    }
}
