//! Signing up, signing in, changing the password and closing the account: the routes that hash
//! passwords.

mod change_password;
mod delete_account;
mod hashing;
mod login;
mod passwords;
mod register;
mod signed_in;
mod state;

use axum::Router;
use axum::routing::{delete, post};
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
        .route(
            "/api/v1/users/account",
            delete(delete_account::delete_account),
        )
}

#[http_service]
async fn handle(request: spin_sdk::http::Request) -> axum::response::Response {
    api::serve(request, Auth::open, router).await
}
