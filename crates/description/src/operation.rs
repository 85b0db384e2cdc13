//! One operation: a method of a path, who may call it, what it takes and what it answers.

use std::collections::BTreeMap;

use domain::ErrorCode;
use serde_json::{Map, Value, json};

use crate::answer::Answer;
use crate::body::Body;
use crate::caller::Caller;
use crate::failure;
use crate::limit::Limit;
use crate::schema::{Field, Schema, pattern};
use crate::tag::Tag;

/// A string of structured fields (RFC 9651, section 3.3.3) of 1 to 255 characters.
const IDEMPOTENCY_KEY: &str = r#"^"([\x20-\x21\x23-\x5B\x5D-\x7E]|\\["\\]){1,255}"$"#;

/// An operation that is being described.
#[derive(Clone, Debug)]
pub(crate) struct Operation {
    pub(crate) method: &'static str,
    pub(crate) path: &'static str,
    id: &'static str,
    tag: Tag,
    summary: &'static str,
    description: &'static str,
    caller: Caller,
    limits: Vec<Limit>,
    parameters: Vec<Value>,
    body: Option<Body>,
    answers: Vec<Answer>,
    errors: Vec<ErrorCode>,
}

impl Operation {
    /// `method` of `path`, which is called `id`.
    pub(crate) fn new(
        method: &'static str,
        path: &'static str,
        id: &'static str,
        tag: Tag,
        caller: Caller,
    ) -> Self {
        let mut operation = Self {
            method,
            path,
            id,
            tag,
            summary: "",
            description: "",
            caller,
            limits: Vec::new(),
            parameters: Vec::new(),
            body: None,
            answers: Vec::new(),
            // Whatever is asked for, a setting may be wrong.
            errors: vec![ErrorCode::Misconfigured],
        };
        operation.errors.extend(caller.errors());
        match caller {
            Caller::User | Caller::Staff(_) | Caller::Service(_) => {
                operation.stored().limited_by(&[Limit::General])
            }
            _ => operation,
        }
    }

    /// What it does: in a few words, and in some sentences.
    pub(crate) fn says(self, summary: &'static str, description: &'static str) -> Self {
        Self {
            summary,
            description,
            ..self
        }
    }

    /// It counts against these limits.
    pub(crate) fn limited_by(mut self, limits: &[Limit]) -> Self {
        self.limits.extend(limits);
        self.refuses(&[ErrorCode::RateLimited])
    }

    /// It asks PostgreSQL.
    pub(crate) fn stored(self) -> Self {
        self.refuses(&[ErrorCode::InternalError, ErrorCode::Unavailable])
    }

    /// It hashes passwords.
    pub(crate) fn hashing(self) -> Self {
        self.refuses(&[ErrorCode::Busy])
    }

    /// A parameter in its path.
    pub(crate) fn path_parameter(
        self,
        name: &'static str,
        schema: Schema,
        example: &str,
        description: &'static str,
    ) -> Self {
        let place = json!({"name": name, "in": "path", "required": true});
        self.parameter(place, schema, example.into(), description)
            .refuses(&[ErrorCode::NotFound])
    }

    /// A parameter of its query.
    pub(crate) fn query(
        self,
        name: &'static str,
        schema: Schema,
        example: impl Into<Value>,
        description: &'static str,
    ) -> Self {
        let place = json!({"name": name, "in": "query"});
        self.parameter(place, schema, example.into(), description)
            .refuses(&[ErrorCode::ValidationFailed])
    }

    /// A header that only this operation looks at.
    pub(crate) fn header(
        self,
        name: &'static str,
        schema: Schema,
        example: &str,
        description: &'static str,
    ) -> Self {
        let place = json!({"name": name, "in": "header"});
        self.parameter(place, schema, example.into(), description)
    }

    /// It is done once, however often it is sent with the same `Idempotency-Key`.
    pub(crate) fn idempotent(self) -> Self {
        self.header(
            "Idempotency-Key",
            pattern(IDEMPOTENCY_KEY),
            "\"8e03978e-40d5-43dd-bc93-6894a57f9324\"",
            "Names the request, so that it is done once however often it is sent \
             (draft-ietf-httpapi-idempotency-key-header): a string in double quotes (RFC 9651), best a UUID.",
        )
        .refuses(&[ErrorCode::MalformedRequest, ErrorCode::IdempotencyKeyReused])
    }

    fn parameter(
        mut self,
        mut parameter: Value,
        schema: Schema,
        example: Value,
        description: &'static str,
    ) -> Self {
        parameter["description"] = description.into();
        parameter["schema"] = schema.into_value();
        parameter["example"] = example;
        self.parameters.push(parameter);
        self
    }

    /// Parameters of its query that choose a page of a list.
    pub(crate) fn paged(self) -> Self {
        let (page, limit) = (crate::paging::page(), crate::paging::limit());
        self.query(
            "page",
            page,
            1,
            "Which page, counted from 1; beyond the end, the last one.",
        )
        .query("limit", limit, 10, "How many on a page.")
    }

    /// A parameter of its query that chooses some of `fields`.
    pub(crate) fn fields(self, fields: &[Field]) -> Self {
        let names: Vec<&str> = fields.iter().map(|field| field.name).collect();
        let example = names.first().copied().unwrap_or_default();
        let text = "Only these fields, with commas between.";
        self.query("fields", crate::paging::fields(&names), example, text)
    }

    /// A body in the forms that all operations read.
    pub(crate) fn takes(mut self, body: Body) -> Self {
        self.body = Some(body);
        self.refuses(&[
            ErrorCode::MalformedRequest,
            ErrorCode::RequestTimeout,
            ErrorCode::PayloadTooLarge,
            ErrorCode::UnsupportedMediaType,
            ErrorCode::ValidationFailed,
        ])
    }

    /// An answer that says that it is done.
    pub(crate) fn answers(mut self, answer: Answer) -> Self {
        self.answers.push(answer);
        self
    }

    /// It may fail with these codes.
    pub(crate) fn refuses(mut self, codes: &[ErrorCode]) -> Self {
        self.errors.extend(codes);
        self
    }

    /// It never fails with these codes.
    pub(crate) fn never_refuses(mut self, codes: &[ErrorCode]) -> Self {
        self.errors.retain(|code| !codes.contains(code));
        self
    }

    /// The codes that it may fail with, by status, each set in the order of all codes.
    pub(crate) fn failures(&self) -> BTreeMap<u16, Vec<ErrorCode>> {
        let mut failures = BTreeMap::<u16, Vec<ErrorCode>>::new();
        for code in ErrorCode::ALL {
            if self.errors.contains(&code) {
                failures.entry(code.status()).or_default().push(code);
            }
        }
        failures
    }

    /// The Operation Object.
    pub(crate) fn value(&self) -> Value {
        let mut operation = json!({
            "operationId": self.id,
            "tags": [self.tag.name()],
            "summary": self.summary,
            "description": self.full_description(),
            "security": self.caller.security(),
        });
        if !self.parameters.is_empty() {
            operation["parameters"] = self.parameters.clone().into();
        }
        if let Some(body) = &self.body {
            operation["requestBody"] = body.value(&self.body_name());
        }
        operation["responses"] = Value::Object(self.responses());
        operation
    }

    /// The schema of its body, by its name among the components.
    pub(crate) fn body_schema(&self) -> Option<(String, Schema)> {
        let body = self.body.as_ref()?;
        Some((self.body_name(), body.schema()))
    }

    /// `RegisterRequest`, of the operation `register`.
    fn body_name(&self) -> String {
        let (first, rest) = self.id.split_at(1);
        format!("{}{rest}Request", first.to_ascii_uppercase())
    }

    fn full_description(&self) -> String {
        let limits = self.limits.iter().map(|limit| limit.sentence());
        let parts = (!self.description.is_empty()).then(|| self.description.to_owned());
        let parts: Vec<String> = parts
            .into_iter()
            .chain(self.caller.needs())
            .chain(limits)
            .collect();
        parts.join("\n\n")
    }

    fn responses(&self) -> Map<String, Value> {
        let is_limited = !self.limits.is_empty();
        let answers = self
            .answers
            .iter()
            .map(|answer| (answer.status.to_string(), answer.response(is_limited)));
        let failures = self.failures();
        let failures = failures.iter().map(|(status, codes)| {
            let name = failure::name(codes);
            let reference = json!({"$ref": format!("#/components/responses/{name}")});
            (status.to_string(), reference)
        });
        answers.chain(failures).collect()
    }
}
