//! One request to another service. Its answer is bounded in size here, in time by who asks.

use std::time::Instant;

use bytes::Bytes;
use http::{Request, StatusCode, header};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use spin_sdk::http::{EmptyBody, FullBody, IntoRequest, Response, send};
use telemetry::Dependency;
use telemetry::tally::note_round_trip;

/// An answer, read to its end.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The body.
    pub body: Vec<u8>,
}

/// There is no answer that can be used; the text says why, for the log.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct HttpError(String);

impl HttpError {
    /// An answer that can't be used, with the reason.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}

/// Sends `GET url` with these headers, and reads an answer of at most `largest` bytes. Redirections
/// are not followed: where they lead need not be allowed.
///
/// # Errors
/// If the URL can't be reached, or its answer is broken off or larger.
pub async fn get(
    url: &str,
    headers: &[(&'static str, String)],
    largest: usize,
) -> Result<Answer, HttpError> {
    let mut request = Request::get(url)
        // Else the host, which can't know that nothing comes, announces a body in chunks.
        .header(header::CONTENT_LENGTH, 0);
    for (name, value) in headers {
        request = request.header(*name, value);
    }
    let request = request
        .body(EmptyBody::new())
        .map_err(|error| HttpError(format!("not a URL: {error}")))?;
    let begun = Instant::now();
    let answer = exchange(request, largest).await;
    note_round_trip(Dependency::Http, begun.elapsed());
    answer
}

/// Sends `POST url` with a JSON body and further headers, and reads an answer of at most `largest`
/// bytes.
///
/// # Errors
/// If the URL can't be reached, or its answer is broken off or larger.
pub async fn post(
    url: &str,
    headers: &[(&'static str, &str)],
    body: &str,
    largest: usize,
) -> Result<Answer, HttpError> {
    let mut request = Request::post(url)
        .header(header::CONTENT_TYPE, "application/json")
        // Else the host announces a body in chunks.
        .header(header::CONTENT_LENGTH, body.len());
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request
        .body(FullBody::new(Bytes::copy_from_slice(body.as_bytes())))
        .map_err(|error| HttpError(format!("not a request: {error}")))?;
    let begun = Instant::now();
    let answer = exchange(request, largest).await;
    note_round_trip(Dependency::Http, begun.elapsed());
    answer
}

async fn exchange(request: impl IntoRequest, largest: usize) -> Result<Answer, HttpError> {
    let response = send(request)
        .await
        .map_err(|error| HttpError(format!("no answer: {error}")))?;
    read(response, largest).await
}

async fn read(response: Response, largest: usize) -> Result<Answer, HttpError> {
    let (parts, body) = response.into_parts();
    let body = Limited::new(body, largest)
        .collect()
        .await
        .map_err(|error| {
            if error.downcast_ref::<LengthLimitError>().is_some() {
                HttpError(format!("the answer is larger than {largest} bytes"))
            } else {
                HttpError(format!("the answer is broken off: {error}"))
            }
        })?;
    Ok(Answer {
        status: parts.status,
        body: body.to_bytes().to_vec(),
    })
}
