//! What other services ask for: tokens of their own, users, and what belongs to them.

mod delivery;
mod introspect;
mod presented;
mod push_tokens;
mod revoke;
mod state;
mod templates;
mod token;
mod unsubscribe_links;
mod users;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};
use spin_sdk::http_service;

use crate::state::Services;

fn router() -> Router<Arc<Services>> {
    Router::new()
        .route("/api/v1/services/token", post(token::token))
        .route("/api/v1/services/introspect", post(introspect::introspect))
        .route("/api/v1/services/revoke", post(revoke::revoke))
        .route("/api/v1/services/users/lookup", post(users::lookup))
        .route("/api/v1/services/users/{id}", get(users::get))
        .route(
            "/api/v1/services/users/{id}/preferences",
            get(users::preferences),
        )
        .route(
            "/api/v1/services/users/{id}/push-tokens",
            get(users::push_tokens),
        )
        .route(
            "/api/v1/services/templates/{name}/preview",
            get(templates::preview),
        )
        .route("/api/v1/services/delivery/decide", post(delivery::decide))
        .route("/api/v1/services/delivery/explain", post(delivery::explain))
        .route(
            "/api/v1/services/push-tokens/feedback",
            post(push_tokens::feedback),
        )
        .route(
            "/api/v1/services/unsubscribe-links",
            post(unsubscribe_links::create),
        )
}

#[http_service]
async fn handle(request: spin_sdk::http::Request) -> axum::response::Response {
    api::serve(request, Services::open, router).await
}
