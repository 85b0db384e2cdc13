//! What administrators and support do: to users, roles, service accounts, and events that were not
//! delivered. Each route names the permission that it needs; docs/permissions.md shows who has which.

mod act;
mod audit_log;
mod dead_letters;
mod roles;
mod service_accounts;
mod state;
mod users;

use std::sync::Arc;

use axum::Router;
use axum::routing::{delete, get, post, put};
use spin_sdk::http_service;

use crate::state::Admin;

fn router() -> Router<Arc<Admin>> {
    Router::new()
        .route("/api/v1/admin/audit-log", get(audit_log::list))
        .route("/api/v1/admin/audit-log/export", get(audit_log::export))
        .route("/api/v1/admin/dead-letters", get(dead_letters::list))
        .route(
            "/api/v1/admin/dead-letters/replay",
            post(dead_letters::replay),
        )
        .route("/api/v1/admin/roles", get(roles::roles))
        .route(
            "/api/v1/admin/service-accounts",
            get(service_accounts::list).post(service_accounts::create),
        )
        .route(
            "/api/v1/admin/service-accounts/{name}/disable",
            post(service_accounts::disable),
        )
        .route(
            "/api/v1/admin/service-accounts/{name}/permissions",
            put(service_accounts::permit),
        )
        .route(
            "/api/v1/admin/service-accounts/{name}/rotate",
            post(service_accounts::rotate),
        )
        .route("/api/v1/admin/users", get(users::list))
        .route(
            "/api/v1/admin/users/{id}",
            get(users::get).delete(users::delete),
        )
        .route("/api/v1/admin/users/{id}/activate", post(users::activate))
        .route(
            "/api/v1/admin/users/{id}/deactivate",
            post(users::deactivate),
        )
        .route(
            "/api/v1/admin/users/{id}/require-password-reset",
            post(users::require_password_reset),
        )
        .route(
            "/api/v1/admin/users/{id}/roles/{role}",
            put(users::roles::grant).delete(users::roles::revoke),
        )
        .route(
            "/api/v1/admin/users/{id}/sessions",
            delete(users::sessions::end_all),
        )
        .route(
            "/api/v1/admin/users/{id}/sessions/{session}",
            delete(users::sessions::end_one),
        )
        .route("/api/v1/admin/users/{id}/unlock", post(users::unlock))
        .route("/api/v1/admin/users/{id}/verify", post(users::verify))
}

#[http_service]
async fn handle(request: spin_sdk::http::Request) -> axum::response::Response {
    api::serve(request, Admin::open, router).await
}
