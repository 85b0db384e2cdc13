//! Renewing and ending sessions: quick routes, which never wait behind a password hash.

mod logout;
mod state;
mod token_refresh;

use std::sync::Arc;

use axum::Router;
use axum::routing::post;
use spin_sdk::http_service;

use crate::state::Sessions;

fn router() -> Router<Arc<Sessions>> {
    Router::new()
        .route(
            "/api/v1/users/token/refresh",
            post(token_refresh::token_refresh),
        )
        .route("/api/v1/users/logout", post(logout::logout))
}

#[http_service]
async fn handle(request: spin_sdk::http::Request) -> axum::response::Response {
    api::serve(request, Sessions::open, router).await
}
