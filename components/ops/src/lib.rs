//! What operators and developers ask for, and every URL that is nobody else's.

mod description;
mod health;
mod internal;
mod metrics;
mod state;
mod static_file;
mod well_known;

use std::sync::Arc;

use api::{ApiError, Client, Context, rate_limit};
use axum::Router;
use axum::extract::State;
use axum::routing::{get, post};
use spin_sdk::http_service;

use crate::internal::outbox;
use crate::state::Ops;

fn router() -> Router<Arc<Ops>> {
    Router::new()
        .route("/api/docs", get(description::page))
        .route("/api/docs/{asset}", get(description::asset))
        .route("/api/schema", get(description::schema))
        .route("/health", get(health::health))
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready))
        .route("/metrics", get(metrics::metrics))
        .route("/.well-known/jwks.json", get(well_known::jwks))
        .route("/internal/cache/warm", post(internal::warm))
        .route("/internal/outbox", get(outbox::show))
        .route("/internal/outbox/dead-letters", get(outbox::dead_letters))
        .route("/internal/outbox/drain", post(outbox::drain))
        .route("/internal/outbox/replay", post(outbox::replay))
        .route("/internal/sweep", post(internal::sweep))
        .fallback(no_route)
}

/// Any other URL. It is limited as other anonymous requests are.
async fn no_route(
    State(app): State<Arc<Ops>>,
    client: Client,
    context: Context,
) -> Result<(), ApiError> {
    rate_limit::count_anonymous(&app, &context, &client).await?;
    Err(ApiError::NoRoute)
}

#[http_service]
async fn handle(request: spin_sdk::http::Request) -> axum::response::Response {
    api::serve(request, Ops::open, router).await
}
