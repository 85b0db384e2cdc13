//! Redis: what can be lost. A connection that is kept, bounds on waiting, and a pause after a
//! failure, so that a Redis that is away or frozen costs almost nothing.

mod connection;
mod script;

pub use connection::{Redis, RedisError, Reply};
pub use script::Script;
pub use spin_sdk::redis::RedisResult;
