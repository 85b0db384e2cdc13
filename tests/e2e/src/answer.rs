//! An answer of the service.

use std::io::Read;

use bytes::Bytes;
use flate2::read::GzDecoder;
use http::response::Parts;
use http::{HeaderMap, StatusCode};
use serde_json::Value;

use crate::rate_limit::RateLimit;

/// An answer, read to its end.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body as it was sent.
    pub bytes: Bytes,
    /// The body as JSON, decompressed if need be; null if it is empty or no JSON.
    pub body: Value,
    /// Method and path of the request, for the texts of failures.
    pub request: String,
}

impl Answer {
    pub(crate) fn new(request: String, parts: Parts, bytes: Bytes) -> Self {
        let mut answer = Self {
            status: parts.status,
            headers: parts.headers,
            body: Value::Null,
            bytes,
            request,
        };
        answer.body = serde_json::from_slice(&answer.content()).unwrap_or(Value::Null);
        answer
    }

    /// The body, decompressed if need be.
    pub fn content(&self) -> Vec<u8> {
        let coding = self.headers.get("content-encoding");
        // There is no body with HEAD, whatever the headers say of it.
        if coding.is_some_and(|coding| coding == "gzip") && !self.bytes.is_empty() {
            decompressed(&self.bytes)
        } else {
            self.bytes.to_vec()
        }
    }

    /// `data` of the envelope.
    pub fn data(&self) -> &Value {
        &self.body["data"]
    }

    /// A text somewhere in the body, by its JSON pointer: `/data/tokens/access`.
    pub fn text(&self, pointer: &str) -> &str {
        self.body
            .pointer(pointer)
            .and_then(Value::as_str)
            .unwrap_or_else(|| panic!("{self}: no text at {pointer}"))
    }

    /// The value of a header that is there exactly once.
    pub fn header(&self, name: &str) -> &str {
        let values: Vec<_> = self.headers.get_all(name).iter().collect();
        match values.as_slice() {
            [value] => value.to_str().expect("a header of visible characters"),
            _ => panic!("{self}: one header {name} expected, not {values:?}"),
        }
    }

    /// What the headers say of the limit `name`.
    pub fn rate_limit(&self, name: &str) -> RateLimit {
        RateLimit::read(
            name,
            self.header("ratelimit-policy"),
            self.header("ratelimit"),
        )
        .unwrap_or_else(|| panic!("{self}: nothing of the limit {name}: {:?}", self.headers))
    }
}

impl std::fmt::Display for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let body = String::from_utf8_lossy(&self.bytes);
        write!(f, "{} answered {} {body}", self.request, self.status)
    }
}

fn decompressed(bytes: &[u8]) -> Vec<u8> {
    let mut plain = Vec::new();
    GzDecoder::new(bytes)
        .read_to_end(&mut plain)
        .expect("a body in gzip");
    plain
}
