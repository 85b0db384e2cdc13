//! Waits that grow with the failures of a client. They are kept in Redis only: while it is away the
//! strict limits, which count in PostgreSQL then, are what holds a client.

use std::sync::LazyLock;
use std::time::Duration;

use domain::{RateLimitState, WindowLimit};
use spin_sdk::redis::RedisResult::Int64;

use crate::redis::{Redis, RedisError, Script};

static FAILURES: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("failures.lua")));

/// The longest wait, in seconds.
const LONGEST: &str = "900";

/// Failures, by client.
#[derive(Clone, Debug)]
pub struct FailureDelays {
    redis: Redis,
}

impl FailureDelays {
    /// Failures that are counted in `redis`.
    pub fn new(redis: Redis) -> Self {
        Self { redis }
    }

    /// What is left of the free failures under `key`, and how long to wait until the next try;
    /// nothing if that can't be told.
    pub async fn state(&self, key: &str, free: WindowLimit) -> Option<RateLimitState> {
        self.run(key, free, "0").await
    }

    /// Counts a failure under `key`.
    pub async fn note(&self, key: &str, free: WindowLimit) {
        let _ = self.run(key, free, "1").await;
    }

    /// Forgets the failures under `key`.
    ///
    /// # Errors
    /// [`RedisError`]: they are not forgotten.
    pub async fn forget(&self, key: &str) -> Result<(), RedisError> {
        let forgotten = self.redis.command("DEL", &[&redis_key(key)]).await;
        forgotten.map(drop)
    }

    async fn run(&self, key: &str, free: WindowLimit, is_failure: &str) -> Option<RateLimitState> {
        let reply = self
            .redis
            .run(
                &FAILURES,
                &[redis_key(key)],
                &[
                    is_failure,
                    &free.limit.to_string(),
                    &free.window.to_string(),
                    LONGEST,
                ],
            )
            .await
            .ok()?;
        match reply.as_slice() {
            [Int64(remaining), Int64(wait)] => Some(RateLimitState {
                remaining: u32::try_from(*remaining).unwrap_or(0),
                reset: Duration::from_millis(u64::try_from(*wait).unwrap_or(0)),
            }),
            _ => None,
        }
    }
}

fn redis_key(key: &str) -> String {
    format!("us:failures:{key}")
}
