//! Where data is kept: PostgreSQL holds all truth, Redis what can be lost.
//!
//! The only user of Spin's PostgreSQL, Redis and MQTT interfaces.

mod breaker;
pub mod database;
mod failure_delays;
mod hash_places;
pub mod metrics;
mod mqtt;
pub mod outbox;
mod rate_limiter;
pub mod redis;
mod service_cache;
pub mod time_limit;
mod turn;
pub mod user_cache;

pub use database::{Database, DatabaseError, Freshness, Row, Statement};
pub use failure_delays::FailureDelays;
pub use hash_places::{HashPlace, HashPlaces};
pub use mqtt::{Mqtt, MqttConnection, MqttError};
pub use outbox::Outbox;
pub use rate_limiter::{Attempt, RateLimiter};
pub use redis::{Redis, RedisError};
pub use service_cache::ServiceCache;
pub use turn::Turn;
pub use user_cache::UserCache;
