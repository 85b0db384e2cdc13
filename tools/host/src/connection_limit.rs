//! The limits of runtime-config.toml on connections that are open at once; who is over them waits.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::runtime_config::RuntimeConfig;

/// The limit for one kind of connection, within the limit for all kinds.
#[derive(Clone, Debug)]
pub(crate) struct ConnectionLimit {
    of_this_kind: Option<Arc<Semaphore>>,
    of_all_kinds: Option<Arc<Semaphore>>,
}

/// The right to keep one connection open; it ends with this value.
#[derive(Debug)]
pub(crate) struct ConnectionPermit {
    _permits: [Option<OwnedSemaphorePermit>; 2],
}

/// The limits of all kinds of connections.
#[derive(Debug)]
pub(crate) struct ConnectionLimits {
    pub(crate) postgres: ConnectionLimit,
    pub(crate) redis: ConnectionLimit,
    pub(crate) mqtt: ConnectionLimit,
}

impl ConnectionLimits {
    /// The limits that the runtime configuration sets, none where it is silent.
    pub(crate) fn new(config: &RuntimeConfig) -> Self {
        let semaphore = |limit: Option<usize>| limit.map(|limit| Arc::new(Semaphore::new(limit)));
        let of_all_kinds = semaphore(config.networking.max_total_connections);
        let limit = |maximum| ConnectionLimit {
            of_this_kind: semaphore(maximum),
            of_all_kinds: of_all_kinds.clone(),
        };
        Self {
            postgres: limit(config.postgres.max_connections),
            redis: limit(config.redis.max_connections),
            mqtt: limit(config.mqtt.max_connections),
        }
    }
}

impl ConnectionLimit {
    /// Waits, without end as in Spin, until one more connection may be opened.
    pub(crate) async fn acquire(&self) -> ConnectionPermit {
        ConnectionPermit {
            _permits: [
                acquire(self.of_this_kind.as_ref()).await,
                acquire(self.of_all_kinds.as_ref()).await,
            ],
        }
    }
}

async fn acquire(semaphore: Option<&Arc<Semaphore>>) -> Option<OwnedSemaphorePermit> {
    // It fails for a closed semaphore only, and nobody closes these.
    Arc::clone(semaphore?).acquire_owned().await.ok()
}

#[cfg(test)]
mod tests {
    use futures::FutureExt as _;

    use super::*;

    #[test]
    fn who_is_over_a_limit_waits_for_a_connection_to_close() {
        let config = toml::from_str(
            "[outbound_pg]\nmax_connections = 1\n[outbound_networking]\nmax_total_connections = 2",
        );
        let limits = ConnectionLimits::new(&config.unwrap());
        let postgres = limits.postgres.acquire().now_or_never().unwrap();
        assert!(limits.postgres.acquire().now_or_never().is_none());
        let _redis = limits.redis.acquire().now_or_never().unwrap();
        assert!(limits.redis.acquire().now_or_never().is_none());
        drop(postgres);
        assert!(limits.redis.acquire().now_or_never().is_some());
    }

    #[test]
    fn without_a_limit_nobody_waits() {
        let limits = ConnectionLimits::new(&RuntimeConfig::default());
        let permits: Vec<_> = (0..1000)
            .map(|_| limits.redis.acquire().now_or_never().unwrap())
            .collect();
        assert_eq!(permits.len(), 1000);
    }
}
