//! `POST /api/v1/users/logout`: ends a session of the caller.

use std::sync::Arc;

use api::credentials::TokenType;
use api::{ApiError, AuditOrigin, Body, CurrentUser, Success};
use axum::extract::State;
use domain::{Logout, SessionId, UserId};

use crate::state::Sessions;

pub(crate) async fn logout(
    State(app): State<Arc<Sessions>>,
    caller: CurrentUser,
    origin: AuditOrigin,
    body: Body,
) -> Result<Success<()>, ApiError> {
    let session = match Logout::parse(&body)?.refresh_token {
        Some(token) => session_of(&app, &caller, token.expose_secret())?,
        None => caller.session,
    };
    if end(&app, caller.id, session, &origin).await? {
        Ok(Success::ok("Logout successful", ()))
    } else {
        Err(ApiError::LogoutFailed)
    }
}

/// The session of a refresh token, which must be one of the caller's; its generation is no matter.
fn session_of(app: &Sessions, caller: &CurrentUser, token: &str) -> Result<SessionId, ApiError> {
    let now = app.clock.now().unix_seconds();
    app.keyring
        .verify(token, TokenType::Refresh, now)
        .ok()
        .filter(|claims| UserId::parse(&claims.user_id).is_ok_and(|user| user == caller.id))
        .and_then(|claims| SessionId::parse(&claims.session_id?).ok())
        .ok_or(ApiError::LogoutFailed)
}

/// Ends `session` and tells Redis so; false if it is not one of `user`.
pub(crate) async fn end(
    app: &Sessions,
    user: UserId,
    session: SessionId,
    origin: &AuditOrigin,
) -> Result<bool, ApiError> {
    let ended = app
        .database
        .statement(include_str!("logout.sql"))
        .bind(session)
        .bind(user)
        .bind(origin.text())
        .optional()
        .await?;
    if ended.is_none() {
        return Ok(false);
    }
    let told = app.revoked(vec![session]);
    app.cache.apply_or_note(user, told).await;
    Ok(true)
}
