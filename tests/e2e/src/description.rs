//! Holds answers against `openapi.json`: each must be one that the document describes, with its status,
//! headers and body.

use std::collections::HashMap;
use std::fs;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use jsonschema::Validator;
use serde_json::Value;
use stack::workspace_root;

use crate::answer::Answer;

/// Headers that HTTP itself defines for every message, and those of a gateway.
const NOT_DESCRIBED: [&str; 7] = [
    "connection",
    "content-length",
    "content-type",
    "date",
    "keep-alive",
    "server",
    "transfer-encoding",
];

static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
    let text = fs::read_to_string(workspace_root().join("openapi.json")).expect("openapi.json");
    serde_json::from_str(&text).expect("JSON")
});

/// What bodies are validated with, by what they are of: made when it is needed first.
static VALIDATORS: LazyLock<Mutex<HashMap<String, Arc<Validator>>>> = LazyLock::new(Mutex::default);

/// The document.
pub(crate) fn document() -> &'static Value {
    &DOCUMENT
}

impl Answer {
    /// Checks that the answer is one that the document describes.
    pub(crate) fn assert_described(&self) -> &Self {
        let (method, target) = self.request.split_once(' ').expect("method and path");
        let described = match (operation(method, target), method) {
            // Of every URL, and nothing to be described.
            (_, "OPTIONS") | (None, "HEAD") => None,
            (Some((name, operation)), _) => Some(self.find(&name, operation)),
            (None, _) => self.find_outside_of_operations(target),
        };
        if let Some((name, response)) = described {
            self.assert_headers(response);
            if method != "HEAD" {
                self.assert_content(&name, response);
            }
        }
        self
    }

    /// The answer of `operation` with this status.
    fn find(&self, name: &str, operation: &'static Value) -> (String, &'static Value) {
        let status = self.status.as_str();
        let response = operation["responses"].get(status);
        let response =
            response.unwrap_or_else(|| panic!("{self}: openapi.json has no {status} for {name}"));
        (format!("{name} {status}"), resolved(response))
    }

    /// The answer to what is no operation: another URL, or another method.
    fn find_outside_of_operations(&self, target: &str) -> Option<(String, &'static Value)> {
        // An encoded letter may be the same URL; the document does not list these.
        if self.status.is_success() && target.contains('%') {
            return None;
        }
        let code = self.body["code"].as_str().unwrap_or_default();
        let responses = document()["components"]["responses"].as_object();
        let all = responses.expect("answers").iter();
        let mut with_code = all.filter(|(name, _)| name.split('.').any(|known| known == code));
        let (name, response) = with_code
            .next()
            .unwrap_or_else(|| panic!("{self}: openapi.json has nothing like that"));
        Some((name.clone(), response))
    }

    fn assert_headers(&self, response: &'static Value) {
        let described = response["headers"].as_object().expect("headers");
        for name in self.headers.keys() {
            assert!(
                described.contains_key(name.as_str()) || NOT_DESCRIBED.contains(&name.as_str()),
                "{self}: openapi.json has no header {name} here: {:?}",
                self.headers
            );
        }
        for (name, header) in described {
            assert!(
                resolved(header)["required"] != true || self.headers.contains_key(name),
                "{self}: openapi.json promises a header {name}: {:?}",
                self.headers
            );
        }
    }

    fn assert_content(&self, name: &str, response: &'static Value) {
        let Some(content) = response["content"].as_object() else {
            assert!(
                self.bytes.is_empty(),
                "{self}: openapi.json has no body here"
            );
            return;
        };
        let media_type = self.header("content-type");
        let described = content.get(media_type);
        let described =
            described.unwrap_or_else(|| panic!("{self}: openapi.json has no {media_type} here"));
        if !media_type.contains("json") || media_type.contains("ndjson") {
            return;
        }
        let errors: Vec<String> = validator(name, &described["schema"])
            .iter_errors(&self.body)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(
            errors.is_empty(),
            "{self}: not as in openapi.json: {errors:#?}"
        );
    }

    /// Whether the service itself has answered, and not its host or a gateway.
    pub(crate) fn is_of_the_service(&self) -> bool {
        self.headers.contains_key("server-timing")
    }
}

/// The operation that `method` and `target`, the path with its query, name; HEAD is GET.
fn operation(method: &str, target: &str) -> Option<(String, &'static Value)> {
    let path = target.split('?').next().unwrap_or_default();
    let path = path
        .strip_suffix('/')
        .filter(|path| !path.is_empty())
        .unwrap_or(path);
    let method = if method == "HEAD" { "GET" } else { method };
    // Another letter case is another method.
    let name = method.to_ascii_lowercase();
    if name.to_ascii_uppercase() != method {
        return None;
    }
    let paths = document()["paths"].as_object().expect("paths");
    let (pattern, item) = paths
        .iter()
        .filter(|(pattern, _)| is_match(pattern, path))
        .min_by_key(|(pattern, _)| pattern.matches('{').count())?;
    Some((format!("{method} {pattern}"), item.get(&name)?))
}

fn is_match(pattern: &str, path: &str) -> bool {
    let (mut expected, mut found) = (pattern.split('/'), path.split('/'));
    loop {
        match (expected.next(), found.next()) {
            (None, None) => return true,
            (Some(expected), Some(found))
                if expected == found || (expected.starts_with('{') && !found.is_empty()) => {}
            _ => return false,
        }
    }
}

/// What `value` refers to, if it does.
fn resolved(value: &'static Value) -> &'static Value {
    let reference = value["$ref"].as_str();
    reference.map_or(value, |reference| {
        let pointer = reference.strip_prefix('#').expect("within the document");
        document().pointer(pointer).expect("something there")
    })
}

fn validator(name: &str, schema: &'static Value) -> Arc<Validator> {
    let mut validators = VALIDATORS.lock().unwrap_or_else(PoisonError::into_inner);
    let known = validators.entry(name.to_owned());
    let new = || {
        let schema = ::description::standalone(document(), schema);
        let options = jsonschema::options().should_validate_formats(true);
        Arc::new(options.build(&schema).expect("a schema in order"))
    };
    known.or_insert_with(new).clone()
}
