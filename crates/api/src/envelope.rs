//! The envelope: the one form of every answer.

use axum::response::{IntoResponse, Response};
use domain::Meta;
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;

/// A success: `{success: true, message, data, meta}`.
#[derive(Debug)]
pub struct Success<T> {
    status: StatusCode,
    message: String,
    data: T,
    meta: Meta,
}

#[derive(Serialize)]
struct SuccessBody<'a, T> {
    success: bool,
    message: &'a str,
    data: &'a T,
    meta: &'a Meta,
}

impl<T: Serialize> Success<T> {
    /// 200 with `data`; `message` says what has happened.
    pub fn ok(message: impl Into<String>, data: T) -> Self {
        Self {
            status: StatusCode::OK,
            message: message.into(),
            data,
            meta: Meta::none(),
        }
    }

    /// 201 with `data`; `message` says what has been made.
    pub fn created(message: impl Into<String>, data: T) -> Self {
        Self {
            status: StatusCode::CREATED,
            ..Self::ok(message, data)
        }
    }

    /// 202 with `data`; `message` says what will happen.
    pub fn accepted(message: impl Into<String>, data: T) -> Self {
        Self {
            status: StatusCode::ACCEPTED,
            ..Self::ok(message, data)
        }
    }

    /// The same with the place of `data` in a list.
    #[must_use]
    pub fn with_meta(self, meta: Meta) -> Self {
        Self { meta, ..self }
    }

    /// The body as an object, to which a route of the replaced service may add what it had at the
    /// top level.
    fn body(&self) -> SuccessBody<'_, T> {
        SuccessBody {
            success: true,
            message: &self.message,
            data: &self.data,
            meta: &self.meta,
        }
    }

    /// The answer with the fields of `data` at the top level as well, where old clients read them.
    pub fn flattened(self) -> Flattened<T> {
        Flattened(self)
    }
}

impl<T: Serialize> IntoResponse for Success<T> {
    fn into_response(self) -> Response {
        json(self.status, &self.body())
    }
}

/// A success whose data stands at the top level too.
#[derive(Debug)]
pub struct Flattened<T>(Success<T>);

#[derive(Serialize)]
struct FlattenedBody<'a, T> {
    #[serde(flatten)]
    data: &'a T,
    #[serde(flatten)]
    envelope: SuccessBody<'a, T>,
}

impl<T: Serialize> IntoResponse for Flattened<T> {
    fn into_response(self) -> Response {
        json(
            self.0.status,
            &FlattenedBody {
                data: &self.0.data,
                envelope: self.0.body(),
            },
        )
    }
}

/// A JSON answer. Personal data and tokens are in most of them, so none is to be stored.
pub(crate) fn json(status: StatusCode, body: &impl Serialize) -> Response {
    let body = serde_json::to_vec(body).expect("the envelope has string keys only");
    let mut response = (status, body).into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json"),
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
