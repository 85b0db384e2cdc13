//! Redis, bounded in time and left alone for a while after a failure.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use spin_sdk::redis::RedisResult;
use telemetry::Dependency;
use telemetry::metrics::servers;
use telemetry::tally::note_round_trip;

use super::call::Call;
use super::{Script, cluster, nodes};
use crate::breaker::Breaker;
use crate::time_limit::{may_wait, within};

/// How long a script may take, connecting included.
const TIME_LIMIT: Duration = Duration::from_millis(300);

/// Whoever finds Redis away goes on without it, so one failure is enough to leave it alone.
const THRESHOLD: u32 = 1;

/// A Redis server, one of a cluster, or none: then every call fails at once, as if it were down.
#[derive(Clone)]
pub struct Redis(Arc<Server>);

struct Server {
    url: String,
    breaker: Breaker,
}

/// What Redis answered; an array arrives as its elements.
pub type Reply = Vec<RedisResult>;

/// Redis did not do what was asked, or not in time. It may have happened all the same.
#[derive(Debug, thiserror::Error)]
#[error("Redis is not available: {0}")]
pub struct RedisError(String);

impl RedisError {
    pub(super) fn new(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// Some of a call's keys are on one node of a cluster and some on another, since their slot is just
    /// being moved: with one key at a time it can be done.
    pub(crate) fn is_split_by_a_move(&self) -> bool {
        cluster::is_split_by_a_move(&self.0)
    }

    /// What Redis holds is perhaps out of date.
    pub(crate) fn outdated() -> Self {
        Self::new("it has not been told of all changes yet")
    }

    /// Redis answered something else than the script promises.
    pub(crate) fn unexpected(what: &str) -> Self {
        Self(format!("unexpected answer to the {what}"))
    }
}

/// Without the URL, which may hold a password.
impl fmt::Debug for Redis {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Redis").finish_non_exhaustive()
    }
}

impl Redis {
    /// The server at `url` (`redis://host:port/database`), or none if it is empty.
    pub fn new(url: String) -> Self {
        Self(Arc::new(Server {
            url,
            breaker: Breaker::new(servers::REDIS, THRESHOLD),
        }))
    }

    /// False if there is no server to talk to.
    pub fn is_configured(&self) -> bool {
        !self.0.url.is_empty()
    }

    /// How often this instance has found a server gone, or has not got its answer. As long as the number
    /// stays the same, Redis has missed nothing for being away.
    pub(crate) fn interruptions() -> u64 {
        nodes::interruptions()
    }

    /// Runs `script` over `keys` with `arguments`.
    ///
    /// # Errors
    /// [`RedisError`] if Redis does not answer, answers an error, or is left alone for a while.
    pub async fn run(
        &self,
        script: &Script,
        keys: &[String],
        arguments: &[&str],
    ) -> Result<Reply, RedisError> {
        self.ask_leave()?;
        self.insist(script, keys, arguments).await
    }

    /// As [`Redis::run`], but even if Redis failed a moment ago: for what others must learn at once.
    ///
    /// # Errors
    /// [`RedisError`] if Redis does not answer, or answers an error.
    pub async fn insist(
        &self,
        script: &Script,
        keys: &[String],
        arguments: &[&str],
    ) -> Result<Reply, RedisError> {
        self.guarded(Call::script(script, keys, arguments)).await
    }

    /// Runs one command.
    ///
    /// # Errors
    /// As [`Redis::run`].
    pub async fn command(&self, name: &str, arguments: &[&str]) -> Result<Reply, RedisError> {
        self.ask_leave()?;
        self.guarded(Call::command(name, arguments)).await
    }

    /// An error while Redis is left alone.
    fn ask_leave(&self) -> Result<(), RedisError> {
        if self.0.breaker.allows(Instant::now()) {
            Ok(())
        } else {
            Err(RedisError("it failed a moment ago".into()))
        }
    }

    /// Bounds `call` in time, and leaves Redis alone for a while after a failure.
    async fn guarded(&self, call: Call<'_>) -> Result<Reply, RedisError> {
        if !self.is_configured() {
            return Err(RedisError("none is configured".into()));
        }
        if !may_wait() {
            return Err(RedisError("the request has waited too long".into()));
        }
        let begun = Instant::now();
        let work = nodes::execute(&self.0.url, &call);
        let answer = within(TIME_LIMIT, work).await;
        let answer = answer.unwrap_or_else(|| {
            let limit = format!("no answer in time, {TIME_LIMIT:?} at most");
            Err(RedisError(limit))
        });
        note_round_trip(Dependency::Redis, begun.elapsed());
        match &answer {
            Ok(_) => self.0.breaker.succeeded(),
            Err(error) if error.is_split_by_a_move() => self.0.breaker.succeeded(),
            Err(error) => {
                nodes::forget();
                self.0.breaker.failed(Instant::now(), error);
            }
        }
        answer
    }
}
