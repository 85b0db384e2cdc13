//! The connection of this instance to Redis.

use std::cell::RefCell;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use spin_sdk::redis::{Connection, Error, RedisParameter, RedisResult};
use telemetry::Dependency;
use telemetry::tally::note_round_trip;

use super::Script;
use crate::breaker::Breaker;
use crate::time_limit::{may_wait, within};

/// How long a script may take, connecting included.
const TIME_LIMIT: Duration = Duration::from_millis(300);

/// Whoever finds Redis away goes on without it, so one failure is enough to leave it alone.
const THRESHOLD: u32 = 1;

thread_local! {
    /// Opening costs a round trip and more, so the connection outlives the request.
    static CONNECTION: RefCell<Option<Arc<Connection>>> = const { RefCell::new(None) };
}

/// A Redis server, or none: then every call fails at once, as if it were down.
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
            breaker: Breaker::new("Redis", THRESHOLD),
        }))
    }

    /// False if there is no server to talk to.
    pub fn is_configured(&self) -> bool {
        !self.0.url.is_empty()
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
        let mut parameters = vec![text(&script.digest), text(&keys.len().to_string())];
        parameters.extend(keys.iter().map(|key| text(key)));
        parameters.extend(arguments.iter().map(|argument| text(argument)));
        self.guarded(async {
            match self.execute("EVALSHA", &parameters).await {
                Err(error) if is_unknown_script(&error) => {
                    parameters[0] = text(script.source);
                    self.execute("EVAL", &parameters).await
                }
                answer => answer,
            }
        })
        .await
    }

    /// Runs one command.
    ///
    /// # Errors
    /// As [`Redis::run`].
    pub async fn command(&self, name: &str, arguments: &[&str]) -> Result<Reply, RedisError> {
        self.ask_leave()?;
        let parameters: Vec<_> = arguments.iter().map(|argument| text(argument)).collect();
        self.guarded(self.execute(name, &parameters)).await
    }

    /// An error while Redis is left alone.
    fn ask_leave(&self) -> Result<(), RedisError> {
        if self.0.breaker.allows(Instant::now()) {
            Ok(())
        } else {
            Err(RedisError("it failed a moment ago".into()))
        }
    }

    /// Bounds `work` in time, and leaves Redis alone for a while after a failure.
    async fn guarded(
        &self,
        work: impl Future<Output = Result<Reply, RedisError>>,
    ) -> Result<Reply, RedisError> {
        if !self.is_configured() {
            return Err(RedisError("none is configured".into()));
        }
        if !may_wait() {
            return Err(RedisError("the request has waited too long".into()));
        }
        let begun = Instant::now();
        let answer = within(TIME_LIMIT, work).await.unwrap_or_else(|| {
            let limit = format!("no answer in time, {TIME_LIMIT:?} at most");
            Err(RedisError(limit))
        });
        note_round_trip(Dependency::Redis, begun.elapsed());
        match &answer {
            Ok(_) => self.0.breaker.succeeded(),
            Err(error) => {
                CONNECTION.take();
                self.0.breaker.failed(Instant::now(), error);
            }
        }
        answer
    }

    /// Runs one command, on a new connection if the kept one turns out to be dead.
    async fn execute(
        &self,
        name: &str,
        parameters: &[RedisParameter],
    ) -> Result<Reply, RedisError> {
        if let Some(connection) = CONNECTION.with_borrow(Clone::clone) {
            match connection.execute(name, parameters.to_vec()).await {
                Err(error) if !is_server_answer(&error) => {
                    CONNECTION.take();
                }
                answer => return answer.map_err(|error| RedisError(error.to_string())),
            }
        }
        #[expect(
            clippy::disallowed_methods,
            reason = "this is the one place that opens it"
        )]
        let connection = Connection::open(&self.0.url)
            .await
            .map_err(|error| RedisError(error.to_string()))?;
        let connection = Arc::new(connection);
        CONNECTION.set(Some(connection.clone()));
        connection
            .execute(name, parameters.to_vec())
            .await
            .map_err(|error| RedisError(error.to_string()))
    }
}

fn text(value: &str) -> RedisParameter {
    RedisParameter::Binary(value.as_bytes().to_vec())
}

/// True if Redis does not have the script of this digest (any more).
fn is_unknown_script(error: &RedisError) -> bool {
    let text = error.0.to_ascii_lowercase();
    text.contains("noscript")
}

/// True if Redis itself answered with an error, so that the connection is alive.
fn is_server_answer(error: &Error) -> bool {
    match error {
        Error::Other(text) => is_unknown_script(&RedisError(text.clone())),
        _ => false,
    }
}
