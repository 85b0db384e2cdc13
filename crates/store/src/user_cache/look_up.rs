//! What a request needs to know of its caller, read in one round trip.

use std::sync::LazyLock;
use std::time::Duration;

use domain::{BurstLimit, RateLimitState};
use spin_sdk::redis::RedisResult;

use crate::redis::{Redis, RedisError, Reply, Script};
use crate::time_limit::pause;

static REQUEST: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("request.lua")));
static ARRIVED: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("arrived.lua")));
static DOCUMENT: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("document.lua")));

/// How many milliseconds the first who misses something has to leave it in the cache: then another is
/// the first. Longer than all of the waits below.
const PATIENCE: &str = "300";

/// The waits of whoever comes later, each before he looks again. Then PostgreSQL answers him, too.
const WAITS: [Duration; 6] = [
    Duration::from_millis(4),
    Duration::from_millis(8),
    Duration::from_millis(16),
    Duration::from_millis(32),
    Duration::from_millis(64),
    Duration::from_millis(100),
];

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

/// The keys of a caller who is known.
#[derive(Debug)]
pub(crate) struct CallerKeys {
    /// Where his requests are counted.
    pub(crate) limit: String,
    /// The state of his session.
    pub(crate) session: String,
    /// The user object, and the document that he wants, which may be the same.
    pub(crate) documents: Option<(String, Option<String>)>,
}

/// Counts a request of a caller who is known, and reads what is cached of him. What is missing but on
/// its way is waited for.
pub(crate) async fn look_up(
    redis: &Redis,
    keys: &CallerKeys,
    limit: BurstLimit,
) -> Result<Seen, RedisError> {
    let mut all = vec![
        keys.limit.clone(),
        keys.session.clone(),
        format!("{}:asked", keys.session),
    ];
    let mut watched = vec![keys.session.clone()];
    if let Some((user, wanted)) = &keys.documents {
        for key in std::iter::once(user).chain(wanted) {
            all.push(key.clone());
            watched.push(key.clone());
        }
    }
    let is_document_wanted = watched.len() > 2;
    let (mut seen, is_on_its_way) = request(redis, &all, limit).await?;
    if !is_on_its_way {
        return Ok(seen);
    }
    for wait in WAITS {
        if !pause(wait).await {
            break;
        }
        let reply = redis.run(&ARRIVED, &watched, &[]).await?;
        let [session, version, document, RedisResult::Int64(refused)] = reply.as_slice() else {
            return Err(RedisError::unexpected("second look-up of a request"));
        };
        seen.session = state(session);
        seen.version = number(version);
        seen.document = text(document);
        let is_complete =
            seen.session.is_some() && (!is_document_wanted || seen.document.is_some());
        if is_complete || *refused == 1 || seen.session == Some(SessionState::Revoked) {
            break;
        }
    }
    Ok(seen)
}

/// Counts a request of nobody that is known under the key `limit_key`.
pub(crate) async fn count(
    redis: &Redis,
    limit_key: String,
    limit: BurstLimit,
) -> Result<Seen, RedisError> {
    let (seen, _) = request(redis, &[limit_key], limit).await?;
    Ok(seen)
}

/// Reads the document under `key`; if it is missing but on its way, it is waited for.
pub(super) async fn document(redis: &Redis, key: &str) -> Result<Option<String>, RedisError> {
    let reply = redis.run(&DOCUMENT, &[key.to_owned()], &[PATIENCE]).await?;
    if let [document, RedisResult::Int64(0)] = reply.as_slice() {
        return Ok(text(document));
    }
    for wait in WAITS {
        if !pause(wait).await {
            break;
        }
        let reply = redis.command("HGET", &[key, "document"]).await?;
        if let Some(document) = reply.first().and_then(text) {
            return Ok(Some(document));
        }
    }
    Ok(None)
}

/// Runs the script of a request, and answers what it says, and whether what is missing is on its way.
async fn request(
    redis: &Redis,
    keys: &[String],
    limit: BurstLimit,
) -> Result<(Seen, bool), RedisError> {
    let interval = 1_000_000.0 / f64::from(limit.rate);
    let arguments = [&*interval.to_string(), &limit.burst.to_string(), PATIENCE];
    let reply = redis.run(&REQUEST, keys, &arguments).await?;
    seen(&reply).ok_or_else(|| RedisError::unexpected("look-up of a request"))
}

fn seen(reply: &Reply) -> Option<(Seen, bool)> {
    use RedisResult::Int64;
    let [
        session,
        Int64(allowed),
        Int64(remaining),
        Int64(wait),
        version,
        document,
        Int64(is_on_its_way),
    ] = reply.as_slice()
    else {
        return None;
    };
    let seen = Seen {
        session: state(session),
        allowed: *allowed == 1,
        limit: RateLimitState {
            remaining: (*remaining).try_into().unwrap_or(0),
            reset: Duration::from_millis((*wait).try_into().unwrap_or(0)),
        },
        version: number(version),
        document: text(document),
    };
    Some((seen, *is_on_its_way == 1))
}

/// What stands under a session's key: whatever is not `live` has ended.
fn state(reply: &RedisResult) -> Option<SessionState> {
    match text(reply)?.as_str() {
        "live" => Some(SessionState::Live),
        _ => Some(SessionState::Revoked),
    }
}

fn number(reply: &RedisResult) -> Option<u64> {
    text(reply)?.parse().ok()
}

fn text(reply: &RedisResult) -> Option<String> {
    match reply {
        RedisResult::Binary(bytes) => String::from_utf8(bytes.clone()).ok(),
        _ => None,
    }
}
