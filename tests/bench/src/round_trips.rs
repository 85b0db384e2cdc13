//! Round trips to PostgreSQL and Redis, counted by the relays in front of them.

use std::time::Duration;

use anyhow::Result;
use tokio::time::sleep;

use crate::load::Client;
use crate::servers::Relays;

/// How many requests of each client are counted: an instance of a component serves more than both together.
const REQUESTS: u32 = 40;
/// How many go before, which open connections.
const WARM_UP: u32 = 10;

/// Round trips that a request takes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct RoundTrips {
    pub(crate) postgres: f64,
    pub(crate) redis: f64,
}

/// Counts those of requests that `clients` send one after the other, with what follows their answers.
///
/// # Errors
/// If a request fails.
pub(crate) async fn count(clients: &mut [Client], relays: &Relays) -> Result<RoundTrips> {
    send(clients, WARM_UP).await?;
    let before = at_rest(relays).await;
    send(clients, REQUESTS).await?;
    let after = at_rest(relays).await;
    let [postgres, redis] = [0, 1].map(|index| {
        let counted = u32::try_from(after[index] - before[index]).unwrap_or(u32::MAX);
        f64::from(counted) / f64::from(REQUESTS)
    });
    Ok(RoundTrips { postgres, redis })
}

async fn send(clients: &mut [Client], requests: u32) -> Result<()> {
    for _ in 0..requests {
        for client in &mut *clients {
            client.exchange().await?;
        }
    }
    Ok(())
}

/// The counts once they don't change any more.
async fn at_rest(relays: &Relays) -> [u64; 2] {
    let counts = || [relays.postgres.round_trips(), relays.redis.round_trips()];
    loop {
        let before = counts();
        sleep(Duration::from_millis(50)).await;
        if counts() == before {
            return before;
        }
    }
}
