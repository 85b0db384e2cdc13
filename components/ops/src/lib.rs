//! What operators ask for, and every URL that is nobody else's.

mod health;

use std::sync::Arc;

use api::{Access, ApiError, Client, Context, rate_limit};
use axum::Router;
use axum::extract::State;
use axum::routing::get;
use spin_sdk::http_service;

fn router() -> Router<Arc<Access>> {
    Router::new()
        .route("/health", get(health::health))
        .fallback(no_route)
}

/// Any other URL. It is limited as other anonymous requests are.
async fn no_route(
    State(app): State<Arc<Access>>,
    client: Client,
    context: Context,
) -> Result<(), ApiError> {
    rate_limit::count_anonymous(&app, &context, &client).await?;
    Err(ApiError::NoRoute)
}

#[http_service]
async fn handle(request: spin_sdk::http::Request) -> axum::response::Response {
    api::serve(request, Access::open, router).await
}
