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
use telemetry::metrics::{CIRCUIT_BREAKER_TRANSITIONS, note_breaker};

static ASK: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("circuit_ask.lua")));
static FAIL: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("circuit_fail.lua")));

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
    name: &'static str,
    key: String,
}

/// Leave to send a request.
#[must_use = "the circuit must be told how the request went"]
#[derive(Debug)]
pub(crate) struct Permit {
    circuit: CircuitBreaker,
    /// Whether there is a failure to be forgotten once a request succeeds.
    troubled: bool,
    /// Whether it is the one that tries an open circuit.
    is_trial: bool,
}

impl CircuitBreaker {
    /// The circuit to the service `name`, remembered in `redis`.
    pub(crate) fn new(redis: Redis, name: &'static str) -> Self {
        Self {
            redis,
            name,
            key: format!("us:circuit:{name}"),
        }
    }

    /// Leave to send a request.
    ///
    /// # Errors
    /// If the circuit is open: how long to wait.
    pub(crate) async fn permit(&self) -> Result<Permit, Duration> {
        let keys = [self.key.clone()];
        let trouble = match self.redis.run(&ASK, &keys, &[TRIAL]).await.as_deref() {
            Ok([Int64(wait), _]) if *wait > 0 => {
                note_breaker(self.name, true);
                return Err(Duration::from_millis(wait.unsigned_abs()));
            }
            Ok([_, Int64(trouble)]) => *trouble,
            _ => 0,
        };
        Ok(Permit {
            circuit: self.clone(),
            troubled: trouble > 0,
            is_trial: trouble == 2,
        })
    }
}

impl Permit {
    /// The service has answered as it should: its failures are forgotten.
    pub(crate) async fn succeeded(self) {
        let CircuitBreaker { redis, name, key } = &self.circuit;
        if self.is_trial {
            note_breaker(name, false);
            CIRCUIT_BREAKER_TRANSITIONS.add(&[name, "closed"]);
        }
        if self.troubled {
            // Without Redis there is nothing to forget.
            let _ = redis.command("DEL", &[key]).await;
        }
    }

    /// The service has not.
    pub(crate) async fn failed(self) {
        let CircuitBreaker { redis, name, key } = self.circuit;
        // Without Redis nobody remembers.
        let reply = redis.run(&FAIL, &[key], &[FAILURES, WINDOW, PAUSE]).await;
        let has_opened = matches!(reply.as_deref(), Ok([Int64(1)]));
        if has_opened {
            CIRCUIT_BREAKER_TRANSITIONS.add(&[name, "open"]);
        }
        if has_opened || self.is_trial {
            note_breaker(name, true);
        }
    }
}
