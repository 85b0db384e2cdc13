//! What Redis holds of services: which of their tokens were live a moment ago.
//!
//! It is remembered for each token, not for its credential: a permission that the account has lost
//! must end an old token, though a newer one of the same credential is live.

use domain::{BurstLimit, ServiceAccountId};

use crate::redis::{Redis, RedisError};
use crate::user_cache::{CHANGE, CallerKeys, LIVE_TTL, Seen, look_up};

/// The cached state of services' tokens.
#[derive(Clone, Debug)]
pub struct ServiceCache {
    redis: Redis,
}

impl ServiceCache {
    /// The cache in `redis`.
    pub fn new(redis: Redis) -> Self {
        Self { redis }
    }

    /// Reads the state of a token by its identifier, and counts a request of `account` against
    /// `limit`, in one round trip.
    ///
    /// # Errors
    /// [`RedisError`]: PostgreSQL decides then, and nothing is counted.
    pub async fn look_up(
        &self,
        account: ServiceAccountId,
        token_id: &str,
        limit: BurstLimit,
    ) -> Result<Seen, RedisError> {
        let keys = CallerKeys {
            limit: format!("us:service:{{{account}}}:limit:general"),
            session: token_key(account, token_id),
            documents: None,
        };
        look_up(&self.redis, &keys, limit).await
    }

    /// Remembers for a minute that PostgreSQL has said a token is live.
    ///
    /// # Errors
    /// [`RedisError`]: PostgreSQL is asked again then.
    pub async fn note_live(
        &self,
        account: ServiceAccountId,
        token_id: &str,
    ) -> Result<(), RedisError> {
        let keys = [token_key(account, token_id)];
        let ttl = LIVE_TTL.as_millis().to_string();
        self.redis
            .run(&CHANGE, &keys, &["live", "0", &ttl, ""])
            .await
            .map(drop)
    }
}

fn token_key(account: ServiceAccountId, token_id: &str) -> String {
    format!("us:service:{{{account}}}:token:{token_id}")
}
