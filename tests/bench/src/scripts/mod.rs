//! What a client says on its connection, request by request.

mod cache_miss;
mod push_token;
mod refresh;
mod registration;
mod ring;

use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::Result;

pub(crate) use cache_miss::CacheMiss;
pub(crate) use push_token::PushToken;
pub(crate) use refresh::Refresh;
pub(crate) use ring::Ring;

use crate::accounts::REGISTERED;
use crate::exchange::{Answer, Request};

/// One client's part.
#[derive(Debug)]
pub(crate) enum Script {
    /// The same requests, again and again.
    Ring(Ring),
    /// The same, after what they ask for was removed from the cache.
    CacheMiss(CacheMiss),
    /// The chain of refresh tokens of one session.
    Refresh(Refresh),
    /// A new account each time.
    Registration,
    /// A new push token each time.
    PushToken(PushToken),
}

impl Script {
    /// The next request. What is done to prepare it is no part of its latency.
    ///
    /// # Errors
    /// If it can't be prepared.
    pub(crate) async fn next(&mut self) -> Result<Request> {
        match self {
            Self::Ring(ring) => Ok(ring.next().1),
            Self::CacheMiss(cache_miss) => cache_miss.next().await,
            Self::Refresh(refresh) => refresh.next(),
            Self::Registration => registration::next(),
            Self::PushToken(push_token) => push_token.next(),
        }
    }

    /// Checks the answer, and takes from it what the next request needs.
    ///
    /// # Errors
    /// If it is not the one that there must be.
    pub(crate) fn learn(&mut self, answer: &Answer) -> Result<()> {
        match self {
            Self::Ring(ring) => ring.check(answer),
            Self::CacheMiss(cache_miss) => cache_miss.check(answer),
            Self::Refresh(refresh) => refresh.learn(answer),
            Self::Registration => REGISTERED.check(answer),
            Self::PushToken(_) => push_token::REGISTERED.check(answer),
        }
    }
}

/// A number that no other call gives.
fn unique() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}
