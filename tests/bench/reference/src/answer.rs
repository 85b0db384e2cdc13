//! The envelope, and failures: nothing that is measured fails, so they are all alike.

use axum::response::{IntoResponse, Response};
use domain::Meta;
use http::{StatusCode, header};

/// What a handler answers.
pub(crate) type Answer = Result<Response, Failure>;

/// Why a request was not answered as it should be.
#[derive(Debug)]
pub(crate) struct Failure(anyhow::Error);

impl<E: Into<anyhow::Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        (StatusCode::INTERNAL_SERVER_ERROR, format!("{:#}", self.0)).into_response()
    }
}

/// A success with `data`, which is JSON.
///
/// # Errors
/// If the place in no list can't be rendered.
pub(crate) fn success(status: StatusCode, message: &str, data: &str) -> Answer {
    let meta = serde_json::to_string(&Meta::none())?;
    let body = format!(r#"{{"success":true,"message":"{message}","data":{data},"meta":{meta}}}"#);
    Ok((status, [(header::CONTENT_TYPE, "application/json")], body).into_response())
}
