//! A request as a profile describes it.

use std::collections::BTreeMap;

use http::Method;
use serde::Deserialize;
use serde_json::Value;
use url::form_urlencoded;

/// A request with places for what is known when it is sent.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    #[serde(default = "post")]
    method: String,
    path: String,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    json: Option<Value>,
    form: Option<BTreeMap<String, String>>,
}

/// A request that is answered with tokens, and where these are in the answer: JSON pointers (RFC 6901).
#[derive(Clone, Debug, Deserialize)]
pub struct TokenRequest {
    #[serde(flatten)]
    pub(crate) request: Request,
    pub(crate) access: String,
    pub(crate) refresh: String,
}

/// A request as it is sent.
#[derive(Clone, Debug)]
pub(crate) struct Filled {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

fn post() -> String {
    Method::POST.to_string()
}

impl Request {
    /// The request with `values` in their places.
    pub(crate) fn filled(&self, values: &[(&str, &str)]) -> Filled {
        let mut headers: Vec<_> = self
            .headers
            .iter()
            .map(|(name, value)| (name.clone(), fill(value, values)))
            .collect();
        let (content_type, body) = match (&self.json, &self.form) {
            (Some(json), _) => ("application/json", filled_json(json, values).to_string()),
            (None, Some(form)) => {
                let pairs = form.iter().map(|(name, value)| (name, fill(value, values)));
                let mut body = form_urlencoded::Serializer::new(String::new());
                (
                    "application/x-www-form-urlencoded",
                    body.extend_pairs(pairs).finish(),
                )
            }
            (None, None) => ("", String::new()),
        };
        if !content_type.is_empty() {
            headers.push(("content-type".to_owned(), content_type.to_owned()));
        }
        Filled {
            method: self.method.parse().unwrap_or(Method::POST),
            path: fill(&self.path, values),
            headers,
            body,
        }
    }
}

/// `text` with each `{name}` of `values` replaced.
pub(crate) fn fill(text: &str, values: &[(&str, &str)]) -> String {
    values.iter().fold(text.to_owned(), |text, (name, value)| {
        text.replace(&format!("{{{name}}}"), value)
    })
}

fn filled_json(json: &Value, values: &[(&str, &str)]) -> Value {
    match json {
        Value::String(text) => fill(text, values).into(),
        Value::Array(elements) => elements
            .iter()
            .map(|element| filled_json(element, values))
            .collect(),
        Value::Object(members) => members
            .iter()
            .map(|(name, value)| (name.clone(), filled_json(value, values)))
            .collect(),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(request: &str) -> Filled {
        let request: Request = toml::from_str(request).expect("a request");
        request.filled(&[("refresh", "a&b"), ("access", "c")])
    }

    #[test]
    fn places_are_filled_wherever_they_are() {
        let json = filled("path = '/x'\njson = { a = ['{refresh}'], b = 1 }");
        assert_eq!(json.method, Method::POST);
        assert_eq!(json.body, r#"{"a":["a&b"],"b":1}"#);
        let form = filled("path = '/x/{access}'\nform = { token = '{refresh}' }");
        assert_eq!(form.path, "/x/c");
        assert_eq!(form.body, "token=a%26b");
        let get =
            filled("method = 'GET'\npath = '/x'\nheaders = { authorization = 'Bearer {access}' }");
        assert_eq!(
            get.headers,
            [("authorization".to_owned(), "Bearer c".to_owned())]
        );
    }
}
