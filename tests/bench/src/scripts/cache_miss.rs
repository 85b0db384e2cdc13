//! Reading what has just been removed from the cache.

use anyhow::{Context, Result};
use redis::aio::MultiplexedConnection;

use super::Ring;
use crate::exchange::{Answer, Request};

/// Requests in turn, each sent after its document was removed from Redis.
///
/// The service fills its cache after it has answered, which may be after the next request. So a
/// ring must be long enough for a fill to be over when its turn comes again; a hit is an error.
pub(crate) struct CacheMiss {
    ring: Ring,
    /// The document of each request of the ring.
    keys: Vec<String>,
    redis: MultiplexedConnection,
}

impl CacheMiss {
    /// `keys` has the key in Redis of what each request of `ring` reads.
    pub(crate) fn new(ring: Ring, keys: Vec<String>, redis: MultiplexedConnection) -> Self {
        Self { ring, keys, redis }
    }

    pub(crate) async fn next(&mut self) -> Result<Request> {
        let (position, request) = self.ring.next();
        redis::cmd("DEL")
            .arg(&self.keys[position])
            .exec_async(&mut self.redis)
            .await
            .context("can't remove a document from the cache")?;
        Ok(request)
    }

    pub(crate) fn check(&self, answer: &Answer) -> Result<()> {
        self.ring.check(answer)
    }
}

impl std::fmt::Debug for CacheMiss {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("CacheMiss")
            .field("ring", &self.ring)
            .finish_non_exhaustive()
    }
}
