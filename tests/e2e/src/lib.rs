//! The framework of the end-to-end tests: a running service, clients with addresses of their own,
//! users, and answers that are checked for what every answer must have.
//!
//! A test sees the service as a client does. It looks into PostgreSQL and Redis only to prove that
//! a refusal changed nothing, or to put something there that no request can.

#![expect(
    clippy::missing_panics_doc,
    reason = "whatever fails in here fails the test that called it"
)]

mod account;
mod address;
mod answer;
mod client;
mod connection;
mod description;
mod envelope;
mod events;
pub mod jwt;
mod message;
pub mod openmetrics;
pub mod promql;
mod rate_limit;
mod routes;
mod service;
mod service_account;
mod signing_key;
mod staff;
mod user;

pub use account::NewAccount;
pub use answer::Answer;
pub use client::{Client, Request};
pub use connection::{Connection, Stream};
pub use events::{Event, Events};
pub use jwt::Jwt;
pub use message::Message;
pub use rate_limit::RateLimit;
pub use routes::Route;
pub use service::{Parameters, Service, redis_command};
pub use service_account::{ServiceAccount, SignedInService, TOKEN};
pub use signing_key::{SigningKey, jwt_keys};
pub use staff::ADMIN;
pub use user::TestUser;

use std::time::Duration;

use tokio::time::{sleep, timeout};

/// Far longer than anything takes: only so that a service that hangs fails the test.
const PATIENCE: Duration = Duration::from_mins(1);

/// `length` random hex digits, at most 32: what makes a test's names its own.
pub fn random_hex(length: usize) -> String {
    let mut text = uuid::Uuid::new_v4().simple().to_string();
    text.truncate(length);
    text
}

/// Waits until `condition` holds: for what the service does after it has answered.
pub async fn eventually(what: &str, condition: impl AsyncFn() -> bool) {
    let waiting = async {
        while !condition().await {
            sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(PATIENCE, waiting)
        .await
        .unwrap_or_else(|_| panic!("in vain for {PATIENCE:?}: {what}"));
}
