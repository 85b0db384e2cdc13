//! Telling Redis what it has missed, before what it holds is believed.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use super::UserCache;
use spin_sdk::redis::RedisResult;

use super::untold::{self, Oldest};
use crate::redis::{Redis, RedisError};
use crate::time_limit::pause;

/// How often, and after how long each time, who comes while another one is at it looks whether he is
/// done. Then he does it himself.
const LOOKS: u32 = 10;
const TICK: Duration = Duration::from_millis(5);

/// The key by which instances that begin at the same time know that one of them has just done it, and for
/// how long they do: shorter than an interruption that anybody would notice.
const TOLD: &str = "us:told";
const TOLD_MILLISECONDS: &str = "100";

/// How many interruptions there have been before the first look.
const NEVER: u64 = u64::MAX;

/// How far this instance has come with it.
#[derive(Debug)]
pub(super) struct CaughtUp {
    /// How many interruptions there had been when Redis had last been told everything.
    interruptions: AtomicU64,
    is_under_way: AtomicBool,
}

impl Default for CaughtUp {
    fn default() -> Self {
        Self {
            interruptions: AtomicU64::new(NEVER),
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
            if let Some(_turn) = Turn::take(&self.caught_up) {
                return self.tell_all().await;
            }
            if !pause(TICK).await {
                break;
            }
        }
        self.tell_all().await
    }

    async fn tell_all(&self) -> Result<(), RedisError> {
        // What it misses before it answers this is noted by the time that the notes are read, or whoever
        // notes it later tells it himself: it answers now.
        let was_told = self.redis.command("GET", &[TOLD]).await?;
        let interruptions = Redis::interruptions();
        if matches!(was_told.first(), Some(RedisResult::Binary(_))) {
            self.caught_up.set(interruptions);
            return Ok(());
        }
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
        let arguments = [TOLD, "", "PX", TOLD_MILLISECONDS];
        // Without it, the next instance looks, too.
        let _ = self.redis.command("SET", &arguments).await;
        Ok(())
    }
}

/// The right to do it; it ends with the request that has it, however that ends.
struct Turn<'a>(&'a CaughtUp);

impl<'a> Turn<'a> {
    fn take(caught_up: &'a CaughtUp) -> Option<Self> {
        let is_free = !caught_up.is_under_way.swap(true, Ordering::Relaxed);
        is_free.then_some(Self(caught_up))
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.0.is_under_way.store(false, Ordering::Relaxed);
    }
}
