//! Redis: what can be lost. It may be one server or a cluster.
//!
//! Connections that are kept, bounds on waiting, and a pause after a failure, so that a Redis that is
//! away or frozen costs almost nothing.

mod call;
mod cluster;
mod connection;
mod nodes;
mod script;

pub use connection::{Redis, RedisError, Reply};
pub use script::Script;
pub use spin_sdk::redis::RedisResult;
