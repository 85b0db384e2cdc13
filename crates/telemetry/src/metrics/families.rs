//! All families of metrics that the service has. docs/observability.md explains them.

use super::{Family, Kind};

/// Upper bounds for requests: most take a few milliseconds, a password hash tens of them.
const REQUEST_BOUNDS: &[f64] = &[
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5,
];

/// Upper bounds for opening a connection to PostgreSQL: taken from the pool or new.
const CONNECTION_BOUNDS: &[f64] = &[0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 1.0];

/// Upper bounds for hashing a password.
const HASH_BOUNDS: &[f64] = &[0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.2, 0.5, 1.0];

macro_rules! families {
    ($($(#[doc = $help:literal])+ $name:ident = $family:literal, $kind:expr, [$($label:literal),*];)*) => {
        $(
            $(#[doc = $help])+
            pub static $name: Family = Family {
                name: $family,
                help: concat!($($help),+),
                kind: $kind,
                labels: &[$($label),*],
            };
        )*

        /// All of them, in the order in which they are written.
        pub static FAMILIES: &[&Family] = &[$(&$name),*];
    };
}

families! {
    /// Requests that were answered.
    HTTP_REQUESTS = "http_requests", Kind::Counter, ["route", "method", "status"];
    /// How long requests took.
    HTTP_REQUEST_DURATION = "http_request_duration_seconds", Kind::Histogram(REQUEST_BOUNDS), ["route", "method"];
    /// What the cache was asked for, and whether it had it.
    CACHE_REQUESTS = "cache_requests", Kind::Counter, ["kind", "result"];
    /// Different users who made a request today (UTC), or within seven days of which today is the last.
    ACTIVE_USERS = "active_users", Kind::Gauge, ["window"];
    /// Attempts to sign in with a password.
    LOGINS = "logins", Kind::Counter, ["result"];
    /// How long computing a password hash took.
    PASSWORD_HASH_DURATION = "password_hash_duration_seconds", Kind::Histogram(HASH_BOUNDS), ["operation"];
    /// New passwords that were looked up in the list of breached ones.
    BREACHED_PASSWORD_CHECKS = "breached_password_checks", Kind::Counter, ["result"];
    /// Requests that a rate limit refused.
    RATE_LIMIT_REFUSALS = "rate_limit_refusals", Kind::Counter, ["limit"];
    /// Whether an instance has left a server alone within the last seconds, since it failed.
    CIRCUIT_BREAKER_OPEN = "circuit_breaker_open", Kind::Gauge, ["server"];
    /// How often an instance began to leave a server alone, or found that it answers again.
    CIRCUIT_BREAKER_TRANSITIONS = "circuit_breaker_transitions", Kind::Counter, ["server", "to"];
    /// How long opening a connection to PostgreSQL took, its host's pool included.
    POSTGRES_CONNECTION_OPEN = "postgres_connection_open_seconds", Kind::Histogram(CONNECTION_BOUNDS), ["server"];
    /// Events that wait for their delivery.
    OUTBOX_PENDING = "outbox_pending", Kind::Gauge, ["destination"];
    /// For how long the oldest event has waited for its delivery.
    OUTBOX_OLDEST = "outbox_oldest_seconds", Kind::Gauge, ["destination"];
    /// Events that their destination has refused too often.
    OUTBOX_DEAD_LETTERS = "outbox_dead_letters", Kind::Gauge, ["destination"];
    /// Whether PostgreSQL and Redis have answered for these metrics.
    DEPENDENCY_UP = "dependency_up", Kind::Gauge, ["dependency"];
}
