//! What is told to Redis of a user once PostgreSQL has it.

use std::time::Duration;

use domain::{SessionId, UserId};
use serde::{Deserialize, Serialize};

use super::{CachedDocument, LIVE_TTL, document_key, session_key};

/// How long a tombstone keeps older values out; longer than any request takes.
const TOMBSTONE_TTL: Duration = Duration::from_mins(2);

/// Something that a statement has changed in PostgreSQL, told to Redis afterwards.
#[derive(Clone, Debug)]
pub enum Change {
    /// A document as of a version of its user.
    Document {
        /// Which one.
        document: CachedDocument,
        /// `users.version` as the statement left or found it.
        version: u64,
        /// The object's JSON; none if only its being out of date is known.
        value: Option<String>,
    },
    /// A session that PostgreSQL says is live.
    Live(SessionId),
    /// A session that has ended, to be remembered for the rest of its access tokens' life.
    Revoked(SessionId, Duration),
}

impl Change {
    /// What is still true of it later: a document is out of date since its version, though it may
    /// have got a newer one, and a session that has ended stays so. What PostgreSQL said of a live
    /// session may not be true any more.
    pub(super) fn is_still_true(&mut self) -> bool {
        if let Self::Document { value, .. } = self {
            *value = None;
        }
        !matches!(self, Self::Live(_))
    }

    /// `document` is out of date since `version`.
    pub fn outdated(document: CachedDocument, version: u64) -> Self {
        Self::Document {
            document,
            version,
            value: None,
        }
    }

    /// All documents are out of date since `version`.
    pub fn all_outdated(version: u64) -> Vec<Self> {
        [CachedDocument::User, CachedDocument::Preferences]
            .map(|document| Self::outdated(document, version))
            .into()
    }
}

/// A change as `change.lua` takes it.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Entry {
    pub(super) key: String,
    /// What it is, version, TTL in milliseconds, value.
    pub(super) arguments: [String; 4],
}

impl Entry {
    pub(super) fn of(user: UserId, change: &Change) -> Self {
        let (key, kind, version, ttl, value) = match change {
            Change::Document {
                document,
                version,
                value,
            } => (
                document_key(user, *document),
                "document",
                *version,
                if value.is_some() {
                    document.ttl()
                } else {
                    TOMBSTONE_TTL
                },
                value.as_deref().unwrap_or_default(),
            ),
            Change::Live(session) => (session_key(user, *session), "live", 0, LIVE_TTL, ""),
            Change::Revoked(session, ttl) => (session_key(user, *session), "revoked", 0, *ttl, ""),
        };
        Self {
            key,
            arguments: [
                kind.to_owned(),
                version.to_string(),
                ttl.as_millis().max(1).to_string(),
                value.to_owned(),
            ],
        }
    }
}
