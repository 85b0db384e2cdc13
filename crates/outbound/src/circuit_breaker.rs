//! A circuit breaker: a service that fails is left alone for a while, so that nobody waits for it in
//! vain and it is not kept from coming back.
//!
//! Its state is in Redis, not in an instance: an instance lives for some hundred requests or a second
//! without one, so it would forget what it has learnt, and each of many would have to learn it
//! anew. Without Redis nobody remembers, and each request finds out for itself, within its time limit.

use std::sync::LazyLock;
use std::time::Duration;

use store::Redis;
use store::redis::RedisResult::Int64;
use store::redis::Script;

static ASK: LazyLock<Script> =
    LazyLock::new(|| Script::new(include_str!("scripts/circuit_ask.lua")));
static FAIL: LazyLock<Script> =
    LazyLock::new(|| Script::new(include_str!("scripts/circuit_fail.lua")));

/// How many failures without a success between them open the circuit.
const FAILURES: &str = "5";

/// Within how many milliseconds they must come.
const WINDOW: &str = "10000";

/// For how many milliseconds the service is then left alone; after that one request tries it.
const PAUSE: &str = "5000";

/// How many milliseconds a trial has to itself: longer than a request may take.
const TRIAL: &str = "3000";

/// The circuit between us and one service.
#[derive(Clone, Debug)]
pub(crate) struct CircuitBreaker {
    redis: Redis,
    key: String,
}

/// Leave to send a request.
#[must_use = "the circuit must be told how the request went"]
#[derive(Debug)]
pub(crate) struct Permit {
    circuit: CircuitBreaker,
    /// Whether there is a failure to be forgotten once a request succeeds.
    troubled: bool,
}

impl CircuitBreaker {
    /// The circuit to the service `name`, remembered in `redis`.
    pub(crate) fn new(redis: Redis, name: &str) -> Self {
        Self {
            redis,
            key: format!("us:circuit:{name}"),
        }
    }

    /// Leave to send a request.
    ///
    /// # Errors
    /// If the circuit is open: how long to wait.
    pub(crate) async fn permit(&self) -> Result<Permit, Duration> {
        let keys = [self.key.clone()];
        let troubled = match self.redis.run(&ASK, &keys, &[TRIAL]).await.as_deref() {
            Ok([Int64(wait), _]) if *wait > 0 => {
                return Err(Duration::from_millis(wait.unsigned_abs()));
            }
            Ok([_, Int64(troubled)]) => *troubled == 1,
            _ => false,
        };
        Ok(Permit {
            circuit: self.clone(),
            troubled,
        })
    }
}

impl Permit {
    /// The service has answered as it should: its failures are forgotten.
    pub(crate) async fn succeeded(self) {
        if self.troubled {
            let CircuitBreaker { redis, key } = &self.circuit;
            // Without Redis there is nothing to forget.
            let _ = redis.command("DEL", &[key]).await;
        }
    }

    /// The service has not.
    pub(crate) async fn failed(self) {
        let CircuitBreaker { redis, key } = self.circuit;
        // Without Redis nobody remembers.
        let _ = redis.run(&FAIL, &[key], &[FAILURES, WINDOW, PAUSE]).await;
    }
}
