//! One request to another service. Its answer is bounded in size here, in time by who asks.

use http::{Request, StatusCode, header};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use spin_sdk::http::{EmptyBody, send};

/// An answer, read to its end.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) body: Vec<u8>,
}

/// There is no answer that can be used; the text says why, for the log.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct HttpError(String);

impl HttpError {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}

/// Sends `GET url` and reads an answer of at most `largest` bytes. Redirections are not followed:
/// where they lead need not be allowed.
///
/// # Errors
/// If the URL can't be reached, or its answer is broken off or larger.
pub(crate) async fn get(url: &str, largest: usize) -> Result<Answer, HttpError> {
    let request = Request::get(url)
        .header(header::ACCEPT, "application/json")
        // Else the host, which can't know that nothing comes, announces a body in chunks.
        .header(header::CONTENT_LENGTH, 0)
        .body(EmptyBody::new())
        .map_err(|error| HttpError(format!("not a URL: {error}")))?;
    let response = send(request)
        .await
        .map_err(|error| HttpError(format!("no answer: {error}")))?;
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
