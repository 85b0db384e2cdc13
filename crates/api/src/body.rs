//! The body of a request: JSON or, for old clients, a form; at most 1 MiB, within 10 seconds.

use std::ops::Deref;
use std::time::Duration;

use axum::extract::{FromRequest, Request};
use bytes::Bytes;
use domain::form;
use http::header;
use http_body_util::LengthLimitError;
use serde_json::Value;
use store::time_limit::within_patience;

use crate::error::ApiError;

/// The largest body that is read, in bytes.
const LARGEST: usize = 1024 * 1024;

/// How long a body may take to arrive: an instance has 16 places, and who sends a byte now and then would
/// hold one for as long as he likes.
const PATIENCE: Duration = Duration::from_secs(10);

/// The most values in a body: a value in memory takes many times the two bytes that it takes here.
const MOST_VALUES: usize = 20_000;

/// A body that was read: any JSON value. An empty body is an empty object.
#[derive(Debug)]
pub struct Body(Value);

impl Deref for Body {
    type Target = Value;

    fn deref(&self) -> &Value {
        &self.0
    }
}

/// A body as it came, for a route that reads a format of its own.
#[derive(Debug)]
pub struct RawBody {
    /// The header `Content-Type`; empty if there is none.
    pub content_type: String,
    /// At most 1 MiB.
    pub bytes: Bytes,
}

impl<S: Send + Sync> FromRequest<S> for RawBody {
    type Rejection = ApiError;

    async fn from_request(request: Request, _: &S) -> Result<Self, ApiError> {
        let (parts, body) = request.into_parts();
        let reading = within_patience(PATIENCE, axum::body::to_bytes(body, LARGEST)).await;
        let bytes = reading.ok_or(ApiError::RequestTimeout)?.map_err(|error| {
            let cause = error.into_inner();
            if cause.downcast_ref::<LengthLimitError>().is_some() {
                ApiError::PayloadTooLarge
            } else {
                ApiError::Malformed("The body could not be read to its end.".into())
            }
        })?;
        let content_type = parts
            .headers
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
            .to_owned();
        Ok(Self {
            content_type,
            bytes,
        })
    }
}

impl<S: Send + Sync> FromRequest<S> for Body {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let RawBody {
            content_type,
            bytes,
        } = RawBody::from_request(request, state).await?;
        if bytes.is_empty() {
            return Ok(Self(Value::Object(serde_json::Map::new())));
        }
        if let Some((line, column)) = where_too_many(&bytes) {
            return Err(ApiError::Malformed(format!(
                "The body holds more than {MOST_VALUES} values at line {line} column {column}."
            )));
        }
        let media_type = media_type(&content_type);
        match media_type.as_str() {
            "application/json" => serde_json::from_slice(&bytes)
                .map_err(|error| ApiError::Malformed(format!("JSON parse error - {error}"))),
            "application/x-www-form-urlencoded" => {
                form::parse(&bytes).map_err(|error| ApiError::Malformed(error.to_string()))
            }
            _ => Err(ApiError::UnsupportedMediaType(media_type)),
        }
        .map(Self)
    }
}

/// The line and column from which on there may be too many values, in JSON or in a form: each value
/// but the first has one of these characters before it.
fn where_too_many(body: &[u8]) -> Option<(usize, usize)> {
    let (end, _) = body
        .iter()
        .enumerate()
        .filter(|(_, byte)| b",&[{".contains(byte))
        .nth(MOST_VALUES)?;
    let lines = body[..end].split(|byte| *byte == b'\n');
    let (line, last) = lines.enumerate().last()?;
    Some((line + 1, last.len() + 1))
}

/// The media type without its parameters, in lower case.
fn media_type(content_type: &str) -> String {
    content_type
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase()
}
