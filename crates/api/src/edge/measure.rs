//! What the metrics have of a request.

use std::time::Duration;

use http::{Method, StatusCode};
use telemetry::metrics::{HTTP_REQUEST_DURATION, HTTP_REQUESTS, note_user};

use crate::context::Context;

/// The value of a label for whatever has no value of its own: what a client invents must not make a
/// metric.
const OTHER: &str = "other";

/// Counts a request, its time and its user.
pub(super) fn request(context: &Context, method: &Method, status: StatusCode, duration: Duration) {
    let route = context.route();
    let route = route.as_ref().map_or(OTHER, |route| route.as_str());
    let method = label(method);
    HTTP_REQUESTS.add(&[route, method, status.as_str()]);
    HTTP_REQUEST_DURATION.observe(&[route, method], duration);
    if let Some(user) = context.user() {
        note_user(user.as_uuid().as_u128());
    }
}

fn label(method: &Method) -> &str {
    let is_known = matches!(
        *method,
        Method::GET
            | Method::HEAD
            | Method::POST
            | Method::PUT
            | Method::PATCH
            | Method::DELETE
            | Method::OPTIONS
    );
    if is_known { method.as_str() } else { OTHER }
}
