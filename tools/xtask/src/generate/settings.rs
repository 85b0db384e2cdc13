//! The settings: what each variable of `spin.toml` is for, and the table of them in docs/operations/settings.md.

use std::fmt::Write;

use anyhow::{Context, Result, bail};
use toml::{Table, Value};

/// Each variable of `spin.toml` and what it is for, in the order of the table.
pub const SETTINGS: &[(&str, &str)] = &[
    (
        "database_url",
        "PostgreSQL: `postgres://user:password@host:port/name`, with `connect_timeout` and limits as `cargo xtask env` writes them",
    ),
    (
        "database_address",
        "The same server as Spin's list of allowed hosts wants it: `postgres://host:port`",
    ),
    (
        "database_replica_urls",
        "Replicas of the database, with commas between: reads go there that have seen what their user wrote, and all reads while the primary is away; empty: none",
    ),
    (
        "replica_address",
        "The first replica as Spin's list of allowed hosts wants it; more of them need entries of their own in `spin.toml`",
    ),
    (
        "redis_url",
        "Redis: `redis://[user:password@]host:port`; empty: none, then PostgreSQL does its work, slower",
    ),
    (
        "redis_address",
        "The same server as Spin's list of allowed hosts wants it: `redis://host:port`, for a cluster with a wildcard that all its nodes match (`redis://*.cache.example:6379`); empty if there is none",
    ),
    (
        "mqtt_url",
        "RabbitMQ's MQTT plugin, where events are published: `mqtt://user:password@host:port`, credentials percent-encoded, no `client_id`; empty: none",
    ),
    (
        "mqtt_address",
        "The same broker as Spin's list of allowed hosts wants it: `mqtt://host:port`; empty if there is none",
    ),
    (
        "jwt_secret",
        "The secret that signs tokens (HS256) while `jwt_keys` has no active key, at least 32 bytes; whoever verifies its tokens needs it, too",
    ),
    (
        "jwt_accept_hs256",
        "`false` refuses tokens that `jwt_secret` has signed, once none of them is good any more",
    ),
    (
        "jwt_keys",
        "The keys that sign tokens (EdDSA), as `cargo xtask keys` writes them; empty: `jwt_secret` signs",
    ),
    (
        "jwt_issuer",
        "The `iss` of tokens, required in every token once it is set; empty: no `iss`",
    ),
    (
        "jwt_audience",
        "The `aud` of tokens, required in every token once it is set; empty: no `aud`",
    ),
    (
        "internal_secret",
        "The secret of the internal routes, which a timer calls (`POST /internal/outbox/drain`, `POST /internal/sweep`, `POST /internal/cache/warm`; `Authorization: Bearer <secret>`), and of `GET /metrics`, at least 32 bytes; empty: they are not there",
    ),
    (
        "unsubscribe_secret",
        "The secret that signs unsubscribe links, at least 32 bytes, so that links in messages outlive a change of `jwt_secret`; empty: `jwt_secret` signs them. Links that `jwt_secret` has signed are honoured either way",
    ),
    (
        "access_token_lifetime",
        "Seconds that an access token is good for",
    ),
    (
        "refresh_token_lifetime",
        "Seconds that a refresh token is good for, counted from its last renewal",
    ),
    (
        "refresh_reuse_interval",
        "Seconds in which a used refresh token gives the same successor again; later use ends the session. 0: at once",
    ),
    (
        "session_max_lifetime",
        "Seconds after which a session ends, however often it was renewed",
    ),
    (
        "sessions_per_user",
        "Sessions that a user may have; one more ends the oldest",
    ),
    (
        "argon2_memory",
        "Memory of a password hash (argon2id), in KiB",
    ),
    (
        "argon2_iterations",
        "Passes of a password hash over its memory",
    ),
    ("argon2_parallelism", "Lanes of a password hash"),
    (
        "password_peppers",
        "Secrets that passwords are mixed with before they are hashed, as `id:secret` with commas between; new hashes are of the first, or of none where `none` stands first; empty: none. Whoever loses one loses all passwords of it: [peppers](../operations.md#peppers)",
    ),
    (
        "hashes_at_once",
        "Password hashes that are computed at once, over all instances: about as many as all hosts have cores, which `cargo xtask` sets; the others wait",
    ),
    (
        "max_hashes",
        "Password hashes that are computed or waited for at once, over all instances; more are answered 503 with `Retry-After`",
    ),
    (
        "request_deadline_ms",
        "Milliseconds that a request may wait for other servers in all; then it is answered 503",
    ),
    (
        "log_level",
        "The least level of lines that are logged: `debug`, `info`, `warn` or `error`; the line of each request is `info`, of one that failed `warn` or `error`",
    ),
    (
        "rate_limits",
        "Changes of the rate limits, as JSON: `{\"login\": {\"limit\": 10, \"window\": 300}}`; also `registration`, `login_address`, `login_failures`, `password_change`, `recovery`, `recovery_address`, `recovery_code`, `export`, `service_token` and `general` (`rate`, `burst`)",
    ),
    (
        "trusted_proxies",
        "CIDR list of the proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` count, with commas between; empty: none",
    ),
    (
        "cors_origins",
        "Origins that browsers may call from, with commas between; empty: none",
    ),
    (
        "service_token_lifetime",
        "Seconds that a service's token is good for",
    ),
    (
        "template_service_url",
        "The template service: `http://host:port`; empty: none",
    ),
    (
        "template_service_address",
        "The same server as Spin's list of allowed hosts wants it: `http://host:port`; `cargo xtask up` derives it",
    ),
    (
        "breached_passwords_url",
        "A list of breached passwords, by the range query of [Pwned Passwords](https://haveibeenpwned.com/API/v3#PwnedPasswords): `https://host`; a password that is in it can't be set; empty: none",
    ),
    (
        "breached_passwords_address",
        "The same server as Spin's list of allowed hosts wants it: `https://host:port`; `cargo xtask up` derives it",
    ),
    (
        "event_refusals",
        "How often a destination of events refuses one until it is a dead letter",
    ),
    (
        "webhook_url",
        "Where events are sent as webhooks (Standard Webhooks), besides or instead of RabbitMQ; empty: nowhere",
    ),
    (
        "webhook_address",
        "The same server as Spin's list of allowed hosts wants it: `https://host:port`; empty if there is none",
    ),
    (
        "webhook_secret",
        "The secret that signs webhooks: `whsec_` and the base64 of 24 to 64 bytes",
    ),
    (
        "webhook_allow_private",
        "`true` allows webhooks to private hosts, also without TLS",
    ),
    (
        "public_url",
        "Where people reach this service: `https://host`, for links in messages; empty: links are paths",
    ),
    (
        "audit_retention_days",
        "Days for which the audit trail is kept, 30 at least",
    ),
    (
        "email_verification",
        "When e-mail addresses are verified: `on_request`; `on_registration`: a registration sends the message, too; `before_login`: and who has not done it has no session",
    ),
    (
        "verification_token_lifetime",
        "Seconds that a token is good for by which an address is verified or changed",
    ),
    (
        "reset_token_lifetime",
        "Seconds that a token for a new password is good for",
    ),
    (
        "deletion_grace_days",
        "Days for which an account can still be kept after its owner has asked for its erasure; 0: it goes at once",
    ),
];

/// The table of the variables in `manifest`, the text of `spin.toml`.
///
/// # Errors
/// If its variables are not exactly those of [`SETTINGS`].
pub fn table(manifest: &str) -> Result<String> {
    let manifest: Table = manifest.parse().context("spin.toml is not in order")?;
    let variables = manifest.get("variables").and_then(Value::as_table);
    let variables = variables.context("spin.toml has no [variables]")?;
    for name in variables.keys() {
        if !SETTINGS.iter().any(|(documented, _)| documented == name) {
            bail!(
                "variable {name} of spin.toml is not documented in tools/xtask/src/generate/settings.rs"
            );
        }
    }
    let mut table = String::from("| Variable | Default | What it is |\n|---|---|---|\n");
    for (name, description) in SETTINGS {
        let variable = variables.get(*name).with_context(|| {
            format!("tools/xtask/src/generate/settings.rs has {name}, and spin.toml has not")
        })?;
        let default = match variable.get("default").and_then(Value::as_str) {
            Some("") => "empty".to_owned(),
            Some(value) => format!("`{value}`"),
            None => "**required**".to_owned(),
        };
        writeln!(table, "| `{name}` | {default} | {description} |")?;
    }
    Ok(table)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_undocumented_or_a_missing_variable_is_an_error() {
        let text = table("[variables]\nnew_one = { default = '' }\n")
            .unwrap_err()
            .to_string();
        assert!(text.contains("new_one"), "{text}");
        let text = table("[variables]\n").unwrap_err().to_string();
        assert!(text.contains("database_url"), "{text}");
    }
}
