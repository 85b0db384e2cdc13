//! `POST /api/v1/services/revoke`: ends the session that a user's token belongs to (RFC 7009).

use std::sync::Arc;

use api::credentials::TokenType;
use api::service_caller::permission::TokensRevoke;
use api::{ApiError, AuditOrigin, Body, CurrentService, Success};
use axum::extract::State;
use domain::{PresentedToken, ServiceAccountId, SessionId, UserId};
use store::DatabaseError;

use crate::presented::Verified;
use crate::state::Services;

/// The same for a token that is none, or not good any more: it is as it is wanted (section 2.2). A service's
/// token would live on, and is refused (section 2.2.1): it ends with its credential or its account.
pub(crate) async fn revoke(
    State(app): State<Arc<Services>>,
    caller: CurrentService<TokensRevoke>,
    origin: AuditOrigin,
    body: Body,
) -> Result<Success<()>, ApiError> {
    let request = PresentedToken::parse(&body)?;
    let token = Verified::of(&app, &request.token);
    let token_type = token.as_ref().map(|token| token.token_type);
    if token_type == Some(TokenType::Service) {
        return Err(ApiError::UnsupportedTokenType);
    }
    if let Some((user, session)) = token.and_then(|token| token.session()) {
        end(&app, user, session, caller.id, &origin).await?;
        let told = app.revoked(vec![session]);
        app.cache.apply_or_note(user, told).await;
    }
    Ok(Success::ok("Token revoked", ()))
}

async fn end(
    app: &Services,
    user: UserId,
    session: SessionId,
    service: ServiceAccountId,
    origin: &AuditOrigin,
) -> Result<(), DatabaseError> {
    app.database
        .statement(include_str!("revoke.sql"))
        .bind(session)
        .bind(user)
        .bind(service)
        .bind(origin.text())
        .optional()
        .await
        .map(drop)
}
