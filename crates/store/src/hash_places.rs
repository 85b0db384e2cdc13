//! Places for computing password hashes: a hash takes a core for tens of milliseconds and 19 MiB, so
//! only so many are computed at once, over all instances, and the others wait for a while.

use std::sync::LazyLock;
use std::time::Duration;

use spin_sdk::redis::RedisResult::Int64;

use crate::redis::{Redis, Script};
use crate::time_limit::{may_wait, pause};

static CLAIM: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("claim_hash.lua")));

/// Who computes, and who waits. With a hash tag, so that both are in one slot of a Redis Cluster.
const COMPUTING: &str = "us:{hashes}:computing";
const WAITING: &str = "us:{hashes}:waiting";

/// The longest that a place is held, in microseconds: a claim whose holder died ends then.
const LONGEST_HASH: &str = "2000000";

/// The longest that a wait is remembered without another claim, in microseconds.
const LONGEST_WAIT: &str = "500000";

/// About the time of a hash when the cores are busy, after which a place may be free.
const TICK: Duration = Duration::from_millis(10);

/// The longest pause before the next claim.
const LONGEST_PAUSE: Duration = Duration::from_millis(100);

/// The places for computing password hashes.
#[derive(Clone, Debug)]
pub struct HashPlaces {
    redis: Redis,
    at_once: u32,
    in_flight: u32,
}

/// A place that is ours until it is given back.
#[must_use = "a place is held until it is given back"]
#[derive(Debug)]
pub struct HashPlace {
    redis: Redis,
    name: String,
}

/// What Redis says of a claim.
enum Claim {
    Granted,
    Refused,
    /// So many wait, this one included.
    Waiting(u32),
}

impl HashPlaces {
    /// Places for `at_once` hashes, and room for as many who wait as make `in_flight` in all, counted in
    /// `redis`.
    pub fn new(redis: Redis, at_once: u32, in_flight: u32) -> Self {
        Self {
            redis,
            at_once,
            in_flight,
        }
    }

    /// Claims a place under `name`, which no other claim has, and waits for one while the request may
    /// wait. Nothing if too many wait already, or none became free in time.
    ///
    /// Without Redis nothing counts the places, and each claim is granted: the limits of attempts
    /// still hold then.
    pub async fn claim(&self, name: String) -> Option<HashPlace> {
        loop {
            match self.ask(&name).await {
                Claim::Granted => break,
                Claim::Refused => return None,
                Claim::Waiting(waiting) => {
                    let turns = waiting.div_ceil(self.at_once);
                    let may_go_on = pause(LONGEST_PAUSE.min(TICK * turns)).await;
                    if !may_go_on || !may_wait() {
                        return None;
                    }
                }
            }
        }
        Some(HashPlace {
            redis: self.redis.clone(),
            name,
        })
    }

    async fn ask(&self, name: &str) -> Claim {
        let keys = [COMPUTING.to_owned(), WAITING.to_owned()];
        let arguments = [
            &*self.at_once.to_string(),
            &self.in_flight.to_string(),
            name,
            LONGEST_HASH,
            LONGEST_WAIT,
        ];
        let reply = self.redis.run(&CLAIM, &keys, &arguments).await;
        match reply.as_deref() {
            Ok([Int64(0), _]) => Claim::Refused,
            Ok([Int64(2), Int64(waiting)]) => Claim::Waiting((*waiting).try_into().unwrap_or(1)),
            _ => Claim::Granted,
        }
    }
}

impl HashPlace {
    /// Gives the place back.
    pub async fn give_back(self) {
        let _ = self.redis.command("ZREM", &[COMPUTING, &self.name]).await;
    }
}
