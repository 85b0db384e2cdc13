//! Renewing, listing and ending sessions: quick routes, which never wait behind a password hash.

mod logout;
mod sessions;
mod state;
mod token_refresh;

use std::sync::Arc;

use axum::Router;
use axum::routing::{delete, get, post};
use spin_sdk::http_service;

use crate::state::Sessions;

fn router() -> Router<Arc<Sessions>> {
    Router::new()
        .route(
            "/api/v1/users/token/refresh",
            post(token_refresh::token_refresh),
        )
        .route("/api/v1/users/logout", post(logout::logout))
        .route("/api/v1/users/sessions", get(sessions::list))
        .route(
            "/api/v1/users/sessions/end_others",
            post(sessions::end_others),
        )
        .route("/api/v1/users/sessions/{id}", delete(sessions::delete))
}

#[http_service]
async fn handle(request: spin_sdk::http::Request) -> axum::response::Response {
    api::serve(request, Sessions::open, router).await
}
