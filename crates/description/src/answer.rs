//! The answers of requests that succeed.

use serde_json::{Map, Value, json};

use crate::examples;
use crate::headers::{always, headers};
use crate::schema::{Field, Schema, reference};

/// An answer of an operation that has done what it was asked for.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    description: &'static str,
    content: Content,
    own_headers: Map<String, Value>,
}

#[derive(Clone, Debug)]
enum Content {
    /// None at all.
    Nothing,
    /// The envelope.
    Envelope(Box<Envelope>),
    /// Something else, in one of these media types, which may be kept if `is_kept`.
    Other {
        media_types: Vec<&'static str>,
        schema: Schema,
        example: Value,
        is_kept: bool,
    },
}

#[derive(Clone, Debug)]
struct Envelope {
    message: String,
    data: Schema,
    example: Value,
    is_list: bool,
    /// What of `data` stands at the top level, too.
    at_the_top: Vec<Field>,
}

impl Answer {
    /// The envelope with `data`, of which `example` is one; `message` is what it says.
    pub(crate) fn new(
        status: u16,
        description: &'static str,
        message: impl Into<String>,
        data: Schema,
        example: Value,
    ) -> Self {
        let envelope = Envelope {
            message: message.into(),
            data,
            example,
            is_list: false,
            at_the_top: Vec::new(),
        };
        Self {
            status,
            description,
            content: Content::Envelope(Box::new(envelope)),
            own_headers: Map::new(),
        }
    }

    /// 204, without a body.
    pub(crate) fn nothing(description: &'static str) -> Self {
        Self {
            status: 204,
            description,
            content: Content::Nothing,
            own_headers: Map::new(),
        }
    }

    /// 304, without a body: what the client has is still right.
    pub(crate) fn not_modified(description: &'static str) -> Self {
        Self {
            status: 304,
            ..Self::nothing(description)
        }
    }

    /// 200 with a body of another media type.
    pub(crate) fn other(
        description: &'static str,
        media_type: &'static str,
        schema: Schema,
        example: impl Into<Value>,
    ) -> Self {
        Self {
            status: 200,
            description,
            content: Content::Other {
                media_types: vec![media_type],
                schema,
                example: example.into(),
                is_kept: false,
            },
            own_headers: Map::new(),
        }
    }

    /// The same, which may come in another media type instead.
    #[must_use]
    pub(crate) fn or_as(mut self, media_type: &'static str) -> Self {
        if let Content::Other { media_types, .. } = &mut self.content {
            media_types.push(media_type);
        }
        self
    }

    /// The same with a page of a list as its data.
    #[must_use]
    pub(crate) fn list(mut self) -> Self {
        if let Content::Envelope(envelope) = &mut self.content {
            envelope.is_list = true;
        }
        self
    }

    /// The same with `fields`, which `data` has, at the top level as well.
    #[must_use]
    pub(crate) fn flattened(mut self, fields: Vec<Field>) -> Self {
        if let Content::Envelope(envelope) = &mut self.content {
            envelope.at_the_top = fields;
        }
        self
    }

    /// The same with a header that it always has.
    #[must_use]
    pub(crate) fn with_header(mut self, name: &str, description: &str, schema: Schema) -> Self {
        self.own_headers
            .insert(name.to_owned(), always(description, schema));
        if let ("cache-control", Content::Other { is_kept, .. }) = (name, &mut self.content) {
            *is_kept = true;
        }
        self
    }

    /// The answer of an operation that counts against limits if `is_limited`.
    pub(crate) fn response(&self, is_limited: bool) -> Value {
        let mut names = Vec::new();
        match &self.content {
            Content::Nothing | Content::Other { is_kept: true, .. } => {}
            _ => names.push("cache-control"),
        }
        if is_limited {
            names.extend(["ratelimit-policy", "ratelimit"]);
        }
        let mut headers = headers(&names);
        headers.extend(self.own_headers.clone());
        let mut response = json!({"description": self.description, "headers": headers});
        match &self.content {
            Content::Nothing => {}
            Content::Envelope(envelope) => {
                response["content"] = json!({
                    "application/json": {
                        "schema": envelope.schema().into_value(),
                        "example": envelope.example(),
                    },
                });
            }
            Content::Other {
                media_types,
                schema,
                example,
                ..
            } => {
                let content = json!({"schema": schema.clone().into_value(), "example": example});
                let content = media_types.iter().map(|name| (*name, content.clone()));
                response["content"] = content.collect();
            }
        }
        response
    }
}

impl Envelope {
    fn schema(&self) -> Schema {
        let mut properties = Map::new();
        let mut required = Vec::new();
        for field in &self.at_the_top {
            properties.insert(field.name.to_owned(), field.schema.clone().into_value());
            if field.is_required {
                required.push(field.name);
            }
        }
        properties.insert("data".to_owned(), self.data.clone().into_value());
        let base = if self.is_list {
            "SuccessList"
        } else {
            "Success"
        };
        let schema = reference(base).with("properties", properties);
        let schema = if required.is_empty() {
            schema
        } else {
            schema.with("required", required)
        };
        schema.with("unevaluatedProperties", false)
    }

    fn example(&self) -> Value {
        let mut example = Map::new();
        for field in &self.at_the_top {
            if let Some(value) = self.example.get(field.name) {
                example.insert(field.name.to_owned(), value.clone());
            }
        }
        example.insert("success".to_owned(), true.into());
        example.insert("message".to_owned(), self.message.clone().into());
        example.insert("data".to_owned(), self.example.clone());
        let meta = if self.is_list {
            examples::meta()
        } else {
            examples::no_meta()
        };
        example.insert("meta".to_owned(), meta);
        Value::Object(example)
    }
}
