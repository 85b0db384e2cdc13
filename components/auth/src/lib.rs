//! Signing up, signing in and changing the password: the routes that hash passwords.

mod change_password;
mod hashing;
mod login;
mod passwords;
mod register;
mod signed_in;
mod state;

use axum::Router;
use axum::routing::post;
use spin_sdk::http_service;

use crate::state::Auth;

fn router() -> Router<std::sync::Arc<Auth>> {
    Router::new()
        .route("/api/v1/users/register", post(register::register))
        .route("/api/v1/users/login", post(login::login))
        .route(
            "/api/v1/users/change-password",
            post(change_password::change_password),
        )
}

#[http_service]
async fn handle(request: spin_sdk::http::Request) -> axum::response::Response {
    api::serve(request, Auth::open, router).await
}
