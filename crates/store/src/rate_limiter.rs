//! The strict limits: a log of attempts, in Redis or, while Redis can't, in PostgreSQL. Both are
//! exact: no window of the limit's length ever holds more attempts than it allows.

use std::sync::LazyLock;
use std::time::Duration;

use domain::{RateLimitState, WindowLimit};
use spin_sdk::redis::RedisResult::Int64;

use crate::redis::{Redis, RedisError, Script};
use crate::{Database, DatabaseError};

static ATTEMPT: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("attempt.lua")));

/// Whether an attempt is allowed, and what its limit has left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// False if it is one too many; it is not counted then.
    pub allowed: bool,
    /// What is left after this attempt, and when there is one more.
    pub limit: RateLimitState,
}

/// Counts attempts.
#[derive(Clone, Debug)]
pub struct RateLimiter {
    redis: Redis,
    database: Database,
}

impl RateLimiter {
    /// A limiter that counts in `redis`, and in `database` while `redis` can't.
    pub fn new(redis: Redis, database: Database) -> Self {
        Self { redis, database }
    }

    /// Counts an attempt under `key`; `nonce` is a name that no other attempt has.
    ///
    /// # Errors
    /// [`DatabaseError`] if neither Redis nor PostgreSQL can count: it must then not go on.
    pub async fn attempt(
        &self,
        key: &str,
        limit: WindowLimit,
        nonce: &str,
    ) -> Result<Attempt, DatabaseError> {
        match self.in_redis(key, limit, nonce).await {
            Ok(attempt) => Ok(attempt),
            Err(_) => self.in_database(key, limit).await,
        }
    }

    /// Forgets what Redis has counted under `keys`.
    ///
    /// # Errors
    /// [`RedisError`]: the counts end with their windows.
    pub async fn forget(&self, keys: &[String]) -> Result<(), RedisError> {
        // One by one: in a cluster each may be on another node.
        for key in keys {
            self.redis.command("DEL", &[&redis_key(key)]).await?;
        }
        Ok(())
    }

    async fn in_redis(
        &self,
        key: &str,
        limit: WindowLimit,
        nonce: &str,
    ) -> Result<Attempt, RedisError> {
        let window = u64::from(limit.window) * 1_000_000;
        let reply = self
            .redis
            .run(
                &ATTEMPT,
                &[redis_key(key)],
                &[&window.to_string(), &limit.limit.to_string(), nonce],
            )
            .await?;
        match reply.as_slice() {
            [Int64(allowed), Int64(remaining), Int64(wait)] => {
                Ok(attempt(*allowed == 1, *remaining, *wait))
            }
            _ => Err(RedisError::unexpected("count of attempts")),
        }
    }

    async fn in_database(&self, key: &str, limit: WindowLimit) -> Result<Attempt, DatabaseError> {
        let row = self
            .database
            .statement(include_str!("rate_limiter.sql"))
            .bind(key)
            .bind(u64::from(limit.window))
            .bind(u64::from(limit.limit))
            .one()
            .await?;
        Ok(attempt(
            row.get("allowed")?,
            row.get("remaining")?,
            row.get("wait_milliseconds")?,
        ))
    }
}

fn redis_key(key: &str) -> String {
    format!("us:limit:{key}")
}

/// A refusal always has something to wait for.
fn attempt(allowed: bool, remaining: i64, wait_milliseconds: i64) -> Attempt {
    let shortest = i64::from(!allowed);
    Attempt {
        allowed,
        limit: RateLimitState {
            remaining: remaining.try_into().unwrap_or(0),
            reset: Duration::from_millis(wait_milliseconds.max(shortest).try_into().unwrap_or(0)),
        },
    }
}
