//! What operators ask for, and every URL that is nobody else's.

mod health;

use std::sync::Arc;

use api::App;
use axum::Router;
use axum::routing::get;
use spin_sdk::http_service;

fn router() -> Router<Arc<App>> {
    Router::new().route("/health", get(health::health))
}

#[http_service]
async fn handle(request: spin_sdk::http::Request) -> axum::response::Response {
    api::serve(request, App::open, router).await
}
