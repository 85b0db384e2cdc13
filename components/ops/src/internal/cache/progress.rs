//! How far the cache was warmed since Redis was last empty. Redis itself remembers it, so that it forgets
//! that with all the rest.

use domain::SessionId;
use store::redis::RedisResult;
use store::{Redis, RedisError};
use uuid::Uuid;

const KEY: &str = "us:warmed";

/// The session before which to go on, the newest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Progress(Uuid);

impl Progress {
    /// No session was looked at.
    const BEGIN: Self = Self(Uuid::max());

    /// All were.
    pub(super) const END: Self = Self(Uuid::nil());

    /// All down to `session` were.
    pub(super) fn at(session: SessionId) -> Self {
        Self(session.as_uuid())
    }

    /// The session before which to go on.
    pub(super) fn session(self) -> Uuid {
        self.0
    }

    /// What `redis` remembers.
    ///
    /// # Errors
    /// [`RedisError`] if it does not answer.
    pub(super) async fn read(redis: &Redis) -> Result<Self, RedisError> {
        let reply = redis.command("GET", &[KEY]).await?;
        Ok(match reply.as_slice() {
            [RedisResult::Binary(text)] => Uuid::try_parse_ascii(text).map_or(Self::BEGIN, Self),
            _ => Self::BEGIN,
        })
    }

    /// Has `redis` remember it.
    ///
    /// # Errors
    /// [`RedisError`] if it does not answer.
    pub(super) async fn write(self, redis: &Redis) -> Result<(), RedisError> {
        let text = self.0.to_string();
        redis.command("SET", &[KEY, &text]).await.map(drop)
    }
}
