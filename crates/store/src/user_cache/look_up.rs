//! What a request needs to know of its caller, read in one round trip.

use std::sync::LazyLock;
use std::time::Duration;

use domain::{BurstLimit, RateLimitState};
use spin_sdk::redis::RedisResult;

use crate::redis::{Redis, RedisError, Reply, Script};

static REQUEST: LazyLock<Script> =
    LazyLock::new(|| Script::new(include_str!("../scripts/request.lua")));

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

pub(super) fn text(reply: &RedisResult) -> Option<String> {
    match reply {
        RedisResult::Binary(bytes) => String::from_utf8(bytes.clone()).ok(),
        _ => None,
    }
}
