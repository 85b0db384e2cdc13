//! What a client says on its connection, request by request.

mod cache_miss;
mod refresh;
mod registration;
mod ring;

use anyhow::Result;

pub(crate) use cache_miss::CacheMiss;
pub(crate) use refresh::Refresh;
pub(crate) use registration::Registration;
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
    Registration(Registration),
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
            Self::Registration(registration) => registration.next(),
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
            Self::Registration(_) => REGISTERED.check(answer),
        }
    }
}
