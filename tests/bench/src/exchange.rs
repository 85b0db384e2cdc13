//! Requests, and what their answers must be.

use anyhow::{Context, Result, bail, ensure};
use bytes::Bytes;
use http::{HeaderValue, Method, StatusCode, header};
use http_body_util::Full;
use serde::Serialize;

/// A request, ready to be sent any number of times; the connection adds `Host`.
pub(crate) type Request = http::Request<Full<Bytes>>;

/// `GET <path>`
pub(crate) fn get(path: &'static str) -> Request {
    request(Method::GET, path, Bytes::new())
}

/// `GET <path>` with this token.
///
/// # Errors
/// If the token is nothing that a header can hold.
pub(crate) fn get_as(path: &'static str, token: &str) -> Result<Request> {
    with_token(get(path), token)
}

/// `POST <path>` of JSON.
///
/// # Errors
/// If `body` can't be rendered.
pub(crate) fn post(path: &'static str, body: &impl Serialize) -> Result<Request> {
    json(Method::POST, path, body)
}

/// `POST <path>` of JSON with this token.
///
/// # Errors
/// As [`get_as`] and [`post`].
pub(crate) fn post_as(path: &'static str, token: &str, body: &impl Serialize) -> Result<Request> {
    with_token(post(path, body)?, token)
}

/// `PATCH <path>` of JSON with this token.
///
/// # Errors
/// As [`post_as`].
pub(crate) fn patch_as(path: &'static str, token: &str, body: &impl Serialize) -> Result<Request> {
    with_token(json(Method::PATCH, path, body)?, token)
}

fn with_token(mut request: Request, token: &str) -> Result<Request> {
    let credentials = HeaderValue::from_str(&format!("Bearer {token}"))
        .context("an access token is no header value")?;
    request
        .headers_mut()
        .insert(header::AUTHORIZATION, credentials);
    Ok(request)
}

fn json(method: Method, path: &'static str, body: &impl Serialize) -> Result<Request> {
    let body = serde_json::to_vec(body).context("a body is no JSON")?;
    let mut request = request(method, path, body.into());
    request.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json"),
    );
    Ok(request)
}

fn request(method: Method, path: &'static str, body: Bytes) -> Request {
    let mut request = Request::new(Full::new(body));
    *request.method_mut() = method;
    *request.uri_mut() = http::Uri::from_static(path);
    request
}

/// What came back.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) body: Bytes,
}

/// The only answer that counts as a success.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Expectation {
    status: StatusCode,
    text: &'static str,
}

impl Expectation {
    /// An answer of this status with `text` in its body.
    pub(crate) const fn new(status: StatusCode, text: &'static str) -> Self {
        Self { status, text }
    }

    /// # Errors
    /// If `answer` is another one; the text quotes it.
    pub(crate) fn check(&self, answer: &Answer) -> Result<()> {
        let Self { status, text } = self;
        if answer.status != *status {
            bail!(
                "{} instead of {status}: {}",
                answer.status,
                quoted(&answer.body)
            );
        }
        ensure!(
            contains(&answer.body, text.as_bytes()),
            "{text:?} is not in the answer: {}",
            quoted(&answer.body)
        );
        Ok(())
    }
}

fn contains(body: &[u8], text: &[u8]) -> bool {
    body.windows(text.len()).any(|part| part == text)
}

/// The beginning of a body, for the user.
fn quoted(body: &[u8]) -> String {
    String::from_utf8_lossy(&body[..body.len().min(300)]).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: StatusCode, body: &'static str) -> Answer {
        Answer {
            status,
            body: Bytes::from_static(body.as_bytes()),
        }
    }

    #[test]
    fn status_and_text_must_both_be_right() {
        let hit = Expectation::new(StatusCode::OK, "from cache");
        assert!(
            hit.check(&answer(StatusCode::OK, "read from cache"))
                .is_ok()
        );

        let error = hit.check(&answer(StatusCode::TOO_MANY_REQUESTS, "from cache"));
        assert_eq!(
            error.unwrap_err().to_string(),
            "429 Too Many Requests instead of 200 OK: from cache"
        );
        let error = hit.check(&answer(StatusCode::OK, "read"));
        assert_eq!(
            error.unwrap_err().to_string(),
            "\"from cache\" is not in the answer: read"
        );
    }

    #[test]
    fn a_long_answer_is_quoted_in_part() {
        assert_eq!(quoted(&[b'x'; 1_000]).len(), 300);
    }
}
