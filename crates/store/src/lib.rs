//! Where data is kept: PostgreSQL holds all truth, Redis what can be lost.
//!
//! The only user of Spin's PostgreSQL and Redis interfaces.

pub mod database;
mod hash_places;
mod rate_limiter;
pub mod redis;
mod service_cache;
pub mod time_limit;
pub mod user_cache;

pub use database::{Database, DatabaseError, Row};
pub use hash_places::{HashPlace, HashPlaces};
pub use rate_limiter::{Attempt, RateLimiter};
pub use redis::{Redis, RedisError};
pub use service_cache::ServiceCache;
pub use user_cache::UserCache;
