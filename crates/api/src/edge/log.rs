//! The one line that the log has of a request.

use std::time::Duration;

use http::{Method, StatusCode};
use telemetry::{Level, LogLine, Tally, Trace};
use uuid::Uuid;

use crate::context::Context;
use crate::error::ApiError;

/// What the line tells.
pub(super) struct Line<'a> {
    pub(super) context: &'a Context,
    pub(super) trace: Option<&'a Trace>,
    pub(super) method: &'a Method,
    pub(super) path: &'a str,
    pub(super) status: StatusCode,
    pub(super) duration: Duration,
    pub(super) error: Option<&'a ApiError>,
    pub(super) tally: &'a Tally,
}

impl Line<'_> {
    /// Writes it.
    pub(super) fn write(&self) {
        let Self {
            context,
            trace,
            method,
            path,
            status,
            duration,
            error,
            tally,
        } = self;
        let level = match *status {
            StatusCode::INTERNAL_SERVER_ERROR => Level::Error,
            StatusCode::SERVICE_UNAVAILABLE => Level::Warn,
            _ => Level::Info,
        };
        LogLine::new(level, "request")
            .with("request_id", context.request_id())
            .with_optional("trace_id", trace.map(|trace| &*trace.trace_id))
            .with_optional("span_id", trace.map(|trace| &*trace.span_id))
            .with("method", method.as_str())
            .with("path", loggable(path))
            .with("status", status.as_u16())
            .with("duration_ms", duration.as_secs_f64() * 1000.0)
            .with_optional("user_id", context.user().map(|user| user.to_string()))
            .with_optional(
                "service_id",
                context.service().map(|service| service.to_string()),
            )
            .with_optional("cache_hit", context.cache_hit())
            .with("postgres_round_trips", tally.postgres.count)
            .with("redis_round_trips", tally.redis.count)
            .with("http_round_trips", tally.http.count)
            .with_optional("code", error.map(ApiError::code))
            .with_optional(
                "error",
                error
                    .filter(|_| status.is_server_error())
                    .map(ToString::to_string),
            )
            .write();
    }
}

/// The path without what is neither a word of our routes nor an identifier: a client's mistake may
/// have put a token or an e-mail address there.
fn loggable(path: &str) -> String {
    let is_word = |part: &str| {
        part.bytes()
            .all(|byte| b"abcdefghijklmnopqrstuvwxyz-_".contains(&byte))
    };
    let is_version = |part: &str| part == "v1";
    path.split('/')
        .map(|part| {
            let is_known = is_version(part)
                || (part.len() <= 32 && is_word(part))
                || part.parse::<Uuid>().is_ok();
            if is_known { part } else { "{other}" }
        })
        .collect::<Vec<_>>()
        .join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_shows_routes_and_identifiers_but_not_what_a_client_misplaced() {
        for (path, logged) in [
            (
                "/api/v1/users/push-tokens/deactivate_all/",
                "/api/v1/users/push-tokens/deactivate_all/",
            ),
            (
                "/api/v1/users/push-tokens/01a20a5e-4864-7282-b0a3-3289d5c41824",
                "/api/v1/users/push-tokens/01a20a5e-4864-7282-b0a3-3289d5c41824",
            ),
            (
                "/api/v1/users/push-tokens/fcm-Token:1",
                "/api/v1/users/push-tokens/{other}",
            ),
            ("/ada@example.com", "/{other}"),
            ("/", "/"),
        ] {
            assert_eq!(loggable(path), logged);
        }
    }
}
