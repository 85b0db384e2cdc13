//! What a user keeps here: profile, notification preferences and push tokens; and what is known of
//! him.

mod activity;
mod export;
mod fields;
mod preferences;
mod profile;
mod push_tokens;
mod state;
mod unsubscribe;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};
use spin_sdk::http_service;

use crate::state::Users;

fn router() -> Router<Arc<Users>> {
    Router::new()
        .route(
            "/api/v1/unsubscribe/{link}",
            get(unsubscribe::show).post(unsubscribe::post),
        )
        .route("/api/v1/users/activity", get(activity::activity))
        .route("/api/v1/users/export", get(export::export))
        .route(
            "/api/v1/users/profile",
            get(profile::get)
                .put(profile::update)
                .patch(profile::update),
        )
        .route(
            "/api/v1/users/preferences",
            get(preferences::get)
                .put(preferences::update)
                .patch(preferences::update),
        )
        .route(
            "/api/v1/users/push-tokens",
            get(push_tokens::list).post(push_tokens::create),
        )
        .route(
            "/api/v1/users/push-tokens/deactivate_all",
            post(push_tokens::deactivate_all),
        )
        .route(
            "/api/v1/users/push-tokens/{id}",
            get(push_tokens::get)
                .put(push_tokens::update)
                .patch(push_tokens::update)
                .delete(push_tokens::delete),
        )
}

#[http_service]
async fn handle(request: spin_sdk::http::Request) -> axum::response::Response {
    api::serve(request, Users::open, router).await
}
