//! The servers that have a circuit breaker, by the names that they have in metrics and in the log.

/// `PostgreSQL`'s primary.
pub const POSTGRESQL: &str = "PostgreSQL";
/// One of its replicas, whichever.
pub const POSTGRESQL_REPLICA: &str = "PostgreSQL replica";
/// Redis.
pub const REDIS: &str = "Redis";
/// The service that renders templates.
pub const TEMPLATES: &str = "templates";
/// The list of breached passwords.
pub const BREACHED_PASSWORDS: &str = "breached_passwords";

/// All of them.
pub const ALL: [&str; 5] = [
    POSTGRESQL,
    POSTGRESQL_REPLICA,
    REDIS,
    TEMPLATES,
    BREACHED_PASSWORDS,
];
