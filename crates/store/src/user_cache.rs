//! What Redis holds of a user: documents ready to be sent, and the state of sessions.
//!
//! All keys of a user carry his identifier as their hash tag, so that they live in one slot of a
//! Redis Cluster and one script reads or writes them in one step.

use std::sync::LazyLock;
use std::time::Duration;

use domain::{BurstLimit, RateLimitState, SessionId, UserId};

use spin_sdk::redis::RedisResult;
use spin_sdk::time::sleep;
use spin_sdk::wasip3::spawn;

use crate::redis::{Redis, RedisError, Reply, Script};

static REQUEST: LazyLock<Script> =
    LazyLock::new(|| Script::new(include_str!("scripts/request.lua")));
pub(crate) static CHANGE: LazyLock<Script> =
    LazyLock::new(|| Script::new(include_str!("scripts/change.lua")));

/// How long a session that PostgreSQL has confirmed is believed to be live.
pub(crate) const LIVE_TTL: Duration = Duration::from_mins(1);

/// How long a tombstone keeps older values out; longer than any request takes.
const TOMBSTONE_TTL: Duration = Duration::from_mins(2);

/// How long until a change that Redis did not take is told again: longer than Redis is left alone.
const REPEAT_AFTER: Duration = Duration::from_millis(1_200);

/// How often it is told again: in all for longer than a session is believed to be live.
const REPEATS: u32 = 60;

/// A cached object of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Document {
    /// The user object.
    User,
    /// The notification preferences.
    Preferences,
}

impl Document {
    fn name(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Preferences => "preferences",
        }
    }

    fn ttl(self) -> Duration {
        match self {
            Self::User => Duration::from_hours(1),
            Self::Preferences => Duration::from_hours(24),
        }
    }
}

/// What Redis knows of a session; PostgreSQL decides where it knows nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionState {
    /// It was live less than a minute ago.
    Live,
    /// It has ended.
    Revoked,
}

/// What an authenticated request needs, read in one round trip.
#[derive(Debug)]
pub struct Seen {
    /// The state of the session, if it is known.
    pub session: Option<SessionState>,
    /// True if the user's limit leaves room for this request.
    pub allowed: bool,
    /// What the limit has left.
    pub limit: RateLimitState,
    /// The user's version as of his last change that Redis knows of; every change within the last
    /// minutes is among them.
    pub version: Option<u64>,
    /// The document that was asked for, if it is cached.
    pub document: Option<String>,
}

/// Something that a statement has changed in PostgreSQL, told to Redis afterwards.
#[derive(Clone, Debug)]
pub enum Change {
    /// A document as of a version of its user.
    Document {
        /// Which one.
        document: Document,
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
    fn is_still_true(&mut self) -> bool {
        if let Self::Document { value, .. } = self {
            *value = None;
        }
        !matches!(self, Self::Live(_))
    }

    /// `document` is out of date since `version`.
    pub fn outdated(document: Document, version: u64) -> Self {
        Self::Document {
            document,
            version,
            value: None,
        }
    }
}

/// The cached state of users.
#[derive(Clone, Debug)]
pub struct UserCache {
    redis: Redis,
}

impl UserCache {
    /// The cache in `redis`.
    pub fn new(redis: Redis) -> Self {
        Self { redis }
    }

    /// Reads the state of `session` and `document`, and counts a request of `user` against
    /// `limit`, in one round trip.
    ///
    /// # Errors
    /// [`RedisError`]: PostgreSQL decides then, and nothing is counted.
    pub async fn look_up(
        &self,
        user: UserId,
        session: SessionId,
        document: Option<Document>,
        limit: BurstLimit,
    ) -> Result<Seen, RedisError> {
        let mut keys = vec![
            format!("us:{{{user}}}:limit:general"),
            session_key(user, session),
            document_key(user, Document::User),
        ];
        keys.extend(document.map(|document| document_key(user, document)));
        request(&self.redis, &keys, limit).await
    }

    /// Counts a request of nobody that is known, from `address`, against `limit`.
    ///
    /// # Errors
    /// [`RedisError`]: nothing is counted then.
    pub async fn count_anonymous(
        &self,
        address: &str,
        limit: BurstLimit,
    ) -> Result<Seen, RedisError> {
        let keys = [format!("us:limit:general:{address}")];
        request(&self.redis, &keys, limit).await
    }

    /// Reads `document` of `user`, for who is not this user; nothing if it is not cached.
    ///
    /// # Errors
    /// [`RedisError`]: PostgreSQL has it.
    pub async fn document(
        &self,
        user: UserId,
        document: Document,
    ) -> Result<Option<String>, RedisError> {
        let key = document_key(user, document);
        let reply = self.redis.command("HGET", &[&key, "document"]).await?;
        Ok(reply.first().and_then(text))
    }

    /// Tells Redis what has changed for `user`, in one step.
    ///
    /// # Errors
    /// [`RedisError`]: Redis may then hold what is out of date.
    pub async fn apply(&self, user: UserId, changes: &[Change]) -> Result<(), RedisError> {
        if changes.is_empty() {
            return Ok(());
        }
        let mut keys = Vec::with_capacity(changes.len());
        let mut arguments = Vec::with_capacity(4 * changes.len());
        for change in changes {
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
                Change::Revoked(session, ttl) => {
                    (session_key(user, *session), "revoked", 0, *ttl, "")
                }
            };
            keys.push(key);
            arguments.extend([
                kind.to_owned(),
                version.to_string(),
                ttl.as_millis().max(1).to_string(),
                value.to_owned(),
            ]);
        }
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        self.redis
            .insist(&CHANGE, &keys, &arguments)
            .await
            .map(drop)
    }

    /// Tells Redis what has changed for `user`; if it does not take it, again and again for a while
    /// after the answer is out, for as long as the host lets the instance live. PostgreSQL has the
    /// truth either way.
    pub async fn apply_or_repeat(&self, user: UserId, mut changes: Vec<Change>) {
        if self.apply(user, &changes).await.is_ok() || !self.redis.is_configured() {
            return;
        }
        let cache = self.clone();
        spawn(async move {
            changes.retain_mut(Change::is_still_true);
            for _ in 0..REPEATS {
                sleep(REPEAT_AFTER).await;
                if cache.apply(user, &changes).await.is_ok() {
                    break;
                }
            }
        });
    }
}

/// Runs the script of a request over the keys of its caller's limit and, if they are known, of his
/// session, of the user object and of the document that he wants.
pub(crate) async fn request(
    redis: &Redis,
    keys: &[String],
    limit: BurstLimit,
) -> Result<Seen, RedisError> {
    let interval = 1_000_000.0 / f64::from(limit.rate);
    let arguments = [&*interval.to_string(), &limit.burst.to_string()];
    let reply = redis.run(&REQUEST, keys, &arguments).await?;
    seen(&reply).ok_or_else(|| RedisError::unexpected("look-up of a request"))
}

fn session_key(user: UserId, session: SessionId) -> String {
    format!("us:{{{user}}}:session:{session}")
}

fn document_key(user: UserId, document: Document) -> String {
    format!("us:{{{user}}}:{}", document.name())
}

fn seen(reply: &Reply) -> Option<Seen> {
    use RedisResult::{Binary, Int64, Nil};
    let [
        session,
        Int64(allowed),
        Int64(remaining),
        Int64(wait),
        version,
        document,
    ] = reply.as_slice()
    else {
        return None;
    };
    let session = match session {
        Binary(state) if state == b"live" => Some(SessionState::Live),
        Binary(_) => Some(SessionState::Revoked),
        Nil => None,
        _ => return None,
    };
    Some(Seen {
        session,
        allowed: *allowed == 1,
        limit: RateLimitState {
            remaining: (*remaining).try_into().unwrap_or(0),
            reset: Duration::from_millis((*wait).try_into().unwrap_or(0)),
        },
        version: text(version).and_then(|version| version.parse().ok()),
        document: text(document),
    })
}

fn text(reply: &RedisResult) -> Option<String> {
    match reply {
        RedisResult::Binary(bytes) => String::from_utf8(bytes.clone()).ok(),
        _ => None,
    }
}
