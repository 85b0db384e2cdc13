//! Refresh tokens of the service that this one replaces: they name no session. Each that was imported is
//! exchanged for one.

use api::{ApiError, AuditOrigin, Client, Unauthenticated};
use domain::{SessionId, UserId};
use store::Row;
use store::user_cache::Change;

use super::Presented;
use crate::state::Sessions;

/// Such a token acts as its session's one before the first: presented again within the reuse interval it
/// gives the first pair again, later it is a stolen one.
const GENERATION: i64 = -1;

/// A refresh token without a session.
pub(super) struct LegacyToken {
    pub(super) user: UserId,
    /// The claim `jti`.
    pub(super) token_id: String,
}

/// What has become of a token.
pub(super) enum Exchanged {
    /// It has begun this session, just now: a row with its first generation.
    Now(SessionId, Row),
    /// It has begun a session before.
    Before(Presented),
}

impl LegacyToken {
    /// Exchanges it for a session, if it has not been.
    ///
    /// # Errors
    /// [`ApiError::Unauthenticated`] if it was not imported, or is good for nothing any more.
    pub(super) async fn exchange(
        &self,
        app: &Sessions,
        client: &Client,
        origin: &AuditOrigin,
    ) -> Result<Exchanged, ApiError> {
        let row = app
            .database
            .statement(include_str!("legacy_exchange.sql"))
            .bind(self.token_id.as_str())
            .bind(self.user)
            .bind(client.address())
            .bind(client.user_agent.as_str())
            .bind(u64::from(app.session_max_lifetime))
            .bind(u64::from(app.sessions_per_user))
            .bind(origin.text())
            .optional()
            .await?;
        let Some(row) = row else {
            return self.session_before(app).await.map(Exchanged::Before);
        };
        let session = row.get("session_id")?;
        let mut changes = app.revoked(row.get("ended_sessions")?);
        changes.push(Change::Live(session));
        app.cache.apply_or_note(self.user, changes).await;
        Ok(Exchanged::Now(session, row))
    }

    /// The session that it was exchanged for.
    async fn session_before(&self, app: &Sessions) -> Result<Presented, ApiError> {
        let row = app
            .database
            .statement(include_str!("legacy_session.sql"))
            .bind(self.token_id.as_str())
            .bind(self.user)
            .optional()
            .await?
            .ok_or(Unauthenticated::InvalidRefreshToken)?;
        let session: Option<SessionId> = row.get("session_id")?;
        Ok(Presented {
            user: self.user,
            session: session.ok_or(Unauthenticated::RevokedRefreshToken)?,
            generation: GENERATION,
        })
    }
}
