//! What a registration and a login answer: the user object, and the tokens of a new session.

use api::credentials::{Subject, TokenPair};
use api::{ApiError, Document, random};
use domain::{SessionId, UserId};
use serde::Serialize;
use serde_json::{Map, Value};
use store::Row;
use store::user_cache::{CachedDocument, Change};

use crate::state::Auth;

/// A user who has just signed in, in a new session, or registered without one.
#[derive(Debug)]
pub(crate) struct SignedIn {
    pub(crate) user: UserId,
    session: Option<SessionId>,
    version: u64,
    user_document: Document,
    preferences_document: Document,
    documents_are_current: bool,
    generation: u64,
    generation_began: Option<u64>,
    /// What the user may do (RFC 8693, section 4.2).
    scope: String,
}

/// The user object with the tokens of the new session.
#[derive(Debug, Serialize)]
pub(crate) struct UserWithTokens {
    #[serde(flatten)]
    user: Map<String, Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tokens: Option<Tokens>,
}

#[derive(Debug, Serialize)]
struct Tokens {
    refresh: String,
    access: String,
}

impl SignedIn {
    /// Reads the row that the statements of registration and login answer.
    ///
    /// # Errors
    /// [`ApiError::Database`] if the row has another shape.
    pub(crate) fn from_row(row: &Row) -> Result<Self, ApiError> {
        Ok(Self {
            user: row.get("user_id")?,
            session: row.get("session_id")?,
            version: row.get("version")?,
            user_document: Document::from_row(row, "user_document")?,
            preferences_document: Document::from_row(row, "preferences_document")?,
            documents_are_current: row.get("documents_are_current")?,
            generation: row.get("generation")?,
            generation_began: row.get("generation_began")?,
            scope: row.get("scope")?,
        })
    }

    /// What Redis is to know of it.
    pub(crate) fn changes(&self) -> Vec<Change> {
        let document = |document, text: &Document| Change::Document {
            document,
            version: self.version,
            value: self.documents_are_current.then(|| text.text().to_owned()),
        };
        let mut changes = vec![
            document(CachedDocument::User, &self.user_document),
            document(CachedDocument::Preferences, &self.preferences_document),
        ];
        changes.extend(self.session.map(Change::Live));
        changes
    }

    /// The user object with the first tokens of the session, if there is one.
    ///
    /// # Errors
    /// [`ApiError::Database`] if the user object is none.
    pub(crate) fn with_tokens(&self, app: &Auth) -> Result<UserWithTokens, ApiError> {
        let session = self.session.zip(self.generation_began);
        Ok(UserWithTokens {
            user: self.user_document.to_fields()?,
            tokens: session.map(|(session, began)| self.tokens(app, session, began)),
        })
    }

    fn tokens(&self, app: &Auth, session: SessionId, generation_began: u64) -> Tokens {
        let subject = Subject {
            user_id: self.user.to_string(),
            session_id: session.to_string(),
            generation: self.generation,
            scope: self.scope.clone(),
        };
        let token_id = random::hex::<16>();
        let now = app.clock.now().unix_seconds();
        let TokenPair { access, refresh } =
            app.keyring
                .issue(&subject, generation_began, &token_id, now);
        Tokens { refresh, access }
    }
}
