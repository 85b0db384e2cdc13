//! A token that a service asks about, verified: whose it is, and what for.

use api::credentials::{Claims, Refusal, TokenType};
use domain::{PlainToken, SessionId, UserId};

use crate::state::Services;

/// A token of ours that has not expired. Whether what it belongs to is live is another question.
pub(crate) struct Verified {
    pub(crate) token_type: TokenType,
    pub(crate) claims: Claims,
}

impl Verified {
    /// Verifies `token` as whatever it is; nothing if it is no token of ours, or has expired.
    pub(crate) fn of(app: &Services, token: &PlainToken) -> Option<Self> {
        let now = app.clock.now().unix_seconds();
        let all = [TokenType::Access, TokenType::Refresh, TokenType::Service];
        for token_type in all {
            match app.keyring.verify(token.expose_secret(), token_type, now) {
                Ok(claims) => return Some(Self { token_type, claims }),
                Err(Refusal::WrongType) => {}
                Err(_) => return None,
            }
        }
        None
    }

    /// The session that a user's token belongs to; services have none.
    pub(crate) fn session(&self) -> Option<(UserId, SessionId)> {
        if self.token_type == TokenType::Service {
            return None;
        }
        let user = UserId::parse(&self.claims.user_id).ok()?;
        let session = SessionId::parse(self.claims.session_id.as_deref()?).ok()?;
        Some((user, session))
    }
}
