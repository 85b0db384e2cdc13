//! Places for computing password hashes: a hash takes a core for tens of milliseconds and 19 MiB,
//! so only so many are computed at once, over all instances.

use std::sync::LazyLock;

use spin_sdk::redis::RedisResult::Int64;

use crate::redis::{Redis, Script};

static CLAIM: LazyLock<Script> =
    LazyLock::new(|| Script::new(include_str!("scripts/claim_hash.lua")));

const KEY: &str = "us:hashes";

/// The longest that a place is held, in microseconds: a claim whose holder died ends then.
const LONGEST: &str = "10000000";

/// The places for computing password hashes.
#[derive(Clone, Debug)]
pub struct HashPlaces {
    redis: Redis,
    places: u32,
}

/// A place that is ours until it is given back.
#[must_use = "a place is held until it is given back"]
#[derive(Debug)]
pub struct HashPlace {
    redis: Redis,
    name: String,
}

impl HashPlaces {
    /// `places` places, counted in `redis`.
    pub fn new(redis: Redis, places: u32) -> Self {
        Self { redis, places }
    }

    /// Claims a place under `name`, which no other claim has; nothing if all are taken.
    ///
    /// Without Redis nothing counts the places, and each claim is granted: the limits of attempts
    /// still hold then.
    pub async fn claim(&self, name: String) -> Option<HashPlace> {
        let reply = self
            .redis
            .run(
                &CLAIM,
                &[KEY.to_owned()],
                &[&self.places.to_string(), &name, LONGEST],
            )
            .await;
        match reply.as_deref() {
            Ok([Int64(0)]) => None,
            _ => Some(HashPlace {
                redis: self.redis.clone(),
                name,
            }),
        }
    }
}

impl HashPlace {
    /// Gives the place back.
    pub async fn give_back(self) {
        let _ = self.redis.command("ZREM", &[KEY, &self.name]).await;
    }
}
