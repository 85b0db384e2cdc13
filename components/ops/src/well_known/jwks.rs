//! `GET /.well-known/jwks.json`: the public keys of tokens as a JWK Set (RFC 7517), for whoever verifies
//! them. It is empty while `jwt_secret` signs.

use std::sync::Arc;

use axum::extract::State;
use axum::response::IntoResponse;
use http::header;

use crate::state::Ops;

/// How long it may be kept. A key is published before it signs: for longer than this.
const CACHE_CONTROL: &str = "public, max-age=300";

pub(crate) async fn jwks(State(app): State<Arc<Ops>>) -> impl IntoResponse {
    let headers = [
        (header::CONTENT_TYPE, "application/jwk-set+json"),
        (header::CACHE_CONTROL, CACHE_CONTROL),
    ];
    (headers, app.keyring.public_keys())
}
