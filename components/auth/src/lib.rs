//! Signing up, signing in, changing or resetting the password, verifying and changing the address,
//! closing the account: the routes that hash passwords, and those that go by a message to the
//! account's address.

mod account_deletion;
mod account_tokens;
mod breaches;
mod change_password;
mod current_password;
mod delete_account;
mod email_change;
mod hashing;
mod login;
mod password_reset;
mod passwords;
mod register;
mod signed_in;
mod state;
mod tell;
mod verification;

use axum::Router;
use axum::routing::{delete, post};
use spin_sdk::http_service;

use crate::state::Auth;

fn router() -> Router<std::sync::Arc<Auth>> {
    Router::new()
        .route(
            "/api/v1/auth/account-deletion/cancel",
            post(account_deletion::cancel),
        )
        .route("/api/v1/auth/email-change", post(email_change::request))
        .route(
            "/api/v1/auth/email-change/confirm",
            post(email_change::confirm),
        )
        .route("/api/v1/auth/password-reset", post(password_reset::request))
        .route(
            "/api/v1/auth/password-reset/confirm",
            post(password_reset::confirm),
        )
        .route("/api/v1/auth/verification", post(verification::request))
        .route(
            "/api/v1/auth/verification/confirm",
            post(verification::confirm),
        )
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
