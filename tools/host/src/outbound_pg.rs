//! `spin:postgres`: queries on pooled connections to PostgreSQL, with Spin's strictness.
//!
//! Like Spin it resets a connection without ending its transaction when it is taken from the
//! pool, prepares each statement anew and sets no time limit of its own.

#![expect(
    clippy::result_large_err,
    reason = "the interface defines the error type"
)]

mod connection;
mod interface;
mod parameters;
mod pools;
mod rows;
mod types;

#[expect(unreachable_pub, reason = "the generated bindings name them")]
pub use self::interface::{Connection, ConnectionBuilder};
pub(crate) use self::pools::Pools;
