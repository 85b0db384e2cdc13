//! `GET /api/schema`: the description of the API, as `openapi.json` has it.

use std::sync::{Arc, LazyLock};

use api::{ApiError, Client, Context, rate_limit};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode, header};

use crate::state::Ops;

const DOCUMENT: &str = include_str!("../../../../openapi.json");

/// As the `OpenAPI` Initiative has registered it.
const MEDIA_TYPE: &str = "application/vnd.oai.openapi+json;version=3.1";

/// How long it may be kept: it changes with a release only.
const CACHE_CONTROL: &str = "public, max-age=300";

/// What the document is known by again. It is weak, since the edge may compress the body (RFC 9110,
/// section 8.8.3).
static ETAG: LazyLock<String> = LazyLock::new(|| {
    let digest = api::digest::sha256_hex(DOCUMENT);
    format!(r#"W/"{}""#, &digest[..32])
});

pub(crate) async fn schema(
    State(app): State<Arc<Ops>>,
    client: Client,
    context: Context,
    request: HeaderMap,
) -> Result<Response, ApiError> {
    rate_limit::count_anonymous(&app, &context, &client).await?;
    let headers = [
        (header::ETAG, ETAG.as_str()),
        (header::CACHE_CONTROL, CACHE_CONTROL),
    ];
    if is_known(&request) {
        return Ok((StatusCode::NOT_MODIFIED, headers).into_response());
    }
    Ok((headers, [(header::CONTENT_TYPE, MEDIA_TYPE)], DOCUMENT).into_response())
}

/// Whether the client has this document (RFC 9110, section 13.1.2; the comparison is weak).
fn is_known(request: &HeaderMap) -> bool {
    let values = request.get_all(header::IF_NONE_MATCH).into_iter();
    let values = values.filter_map(|value| value.to_str().ok());
    let opaque = ETAG.trim_start_matches("W/");
    values
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .any(|tag| tag == "*" || tag.trim_start_matches("W/") == opaque)
}
