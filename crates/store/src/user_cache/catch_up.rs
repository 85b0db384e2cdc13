//! Telling Redis what it has missed, before what it holds is believed.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use spin_sdk::redis::RedisResult;

use super::UserCache;
use super::untold::{self, Oldest};
use crate::redis::{Redis, RedisError};
use crate::time_limit::pause;
use crate::turn::Turn;

/// The key by which instances that begin at the same time know that one of them has just done it, and the
/// one by which he claims it.
const TOLD: &str = "us:told";
const TELLING: &str = "us:telling";

/// For how many milliseconds either counts: shorter than an interruption that anybody would notice.
const TTL: &str = "100";

/// How often, and after how long each time, who comes while another one is at it looks whether he is
/// done. Then he does it himself.
const LOOKS: u32 = 25;
const TICK: Duration = Duration::from_millis(2);

/// How far this instance has come with it.
#[derive(Debug)]
pub(super) struct CaughtUp {
    /// How many interruptions there had been when Redis had last been told everything.
    interruptions: AtomicU64,
    /// Whether one of this instance's requests is at it.
    is_under_way: AtomicBool,
}

impl Default for CaughtUp {
    fn default() -> Self {
        Self {
            // As many as there never are.
            interruptions: AtomicU64::new(u64::MAX),
            is_under_way: AtomicBool::new(false),
        }
    }
}

impl CaughtUp {
    fn set(&self, interruptions: u64) {
        self.interruptions.store(interruptions, Ordering::Relaxed);
    }

    fn is_complete(&self) -> bool {
        self.interruptions.load(Ordering::Relaxed) == Redis::interruptions()
    }
}

impl UserCache {
    /// Tells Redis what it could not be told of, after an interruption, and before anything is read.
    ///
    /// # Errors
    /// [`RedisError`]: it is away, or does not know everything yet.
    pub(super) async fn catch_up(&self) -> Result<(), RedisError> {
        for _ in 0..LOOKS {
            if self.caught_up.is_complete() {
                return Ok(());
            }
            let Some(_turn) = Turn::take(&self.caught_up.is_under_way) else {
                if pause(TICK).await {
                    continue;
                }
                break;
            };
            let interruptions = Redis::interruptions();
            if is_there(&self.redis.command("GET", &[TOLD]).await?) {
                self.caught_up.set(interruptions);
                return Ok(());
            }
            let claim = [TELLING, "", "NX", "PX", TTL];
            if is_there(&self.redis.command("SET", &claim).await?) || !pause(TICK).await {
                break;
            }
        }
        self.tell_all().await
    }

    /// Redis must have answered a moment ago: what it missed before that is noted by now, or whoever notes
    /// it later tells it himself.
    async fn tell_all(&self) -> Result<(), RedisError> {
        let interruptions = Redis::interruptions();
        // Without PostgreSQL old news are better than none, and nobody makes any.
        let Ok(Oldest { untold, are_all }) = untold::oldest(&self.database).await else {
            return Ok(());
        };
        let mut told = Vec::with_capacity(untold.len());
        let mut answer = Ok(());
        for one in untold {
            answer = self.write(&one.entries).await;
            if answer.is_err() {
                break;
            }
            told.push(one.id);
        }
        // If they stay, they are told once more.
        let _ = untold::forget(&self.database, told).await;
        answer?;
        if !are_all {
            return Err(RedisError::outdated());
        }
        self.caught_up.set(interruptions);
        // Without it, the next instance looks, too.
        let _ = self.redis.command("SET", &[TOLD, "", "PX", TTL]).await;
        Ok(())
    }
}

/// Whether a command has found, or made, what it is about.
fn is_there(reply: &[RedisResult]) -> bool {
    matches!(
        reply.first(),
        Some(RedisResult::Binary(_) | RedisResult::Status(_))
    )
}
