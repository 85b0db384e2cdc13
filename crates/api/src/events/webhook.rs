//! A webhook as a destination, for hosts without MQTT: signed requests by the Standard Webhooks
//! specification (version 1.0).

use std::time::Duration;

use domain::{SettingError, WebhookUrl};
use outbound::http_client;
use store::outbox::WaitingEvent;
use store::time_limit::within;
use telemetry::Clock;

use super::way::{Reason, Undelivered};
use crate::config;
use crate::credentials::webhooks;
use crate::error::ApiError;

/// How long the receiver may take.
const TIME_LIMIT: Duration = Duration::from_secs(5);

/// What is read of its answer, in bytes: only its status counts.
const LARGEST_ANSWER: usize = 64 * 1024;

/// Who receives webhooks, and the secret that signs them.
pub(super) struct Webhook {
    url: String,
    secret: String,
}

impl Webhook {
    /// Reads the settings; nothing if there is no URL.
    ///
    /// # Errors
    /// [`ApiError::Misconfigured`] if the URL or the secret is none, or the URL leads to a private
    /// host and that is not allowed.
    pub(super) async fn open() -> Result<Option<Self>, ApiError> {
        let url = config::text("webhook_url").await?;
        if url.is_empty() {
            return Ok(None);
        }
        let allows_private = config::text("webhook_allow_private").await? == "true";
        check_url(&url, allows_private)?;
        let secret = config::text("webhook_secret").await?;
        if webhooks::sign(&secret, "", 0, "").is_err() {
            let explanation = "must be whsec_ and the base64 of 24 to 64 bytes";
            return Err(SettingError::new("webhook_secret", explanation).into());
        }
        Ok(Some(Self { url, secret }))
    }

    /// Sends `event` and waits for the receiver's 2xx.
    pub(super) async fn deliver(&self, event: &WaitingEvent) -> Result<(), Undelivered> {
        let id = event.id.to_string();
        let timestamp = Clock.now().unix_seconds();
        let signature = webhooks::sign(&self.secret, &id, timestamp, &event.document)
            .map_err(|_| away("the secret signs nothing"))?;
        let timestamp = timestamp.to_string();
        let mut headers = vec![
            ("webhook-id", &*id),
            ("webhook-timestamp", &timestamp),
            ("webhook-signature", &signature),
        ];
        headers.extend(
            event
                .traceparent
                .as_deref()
                .map(|parent| ("traceparent", parent)),
        );
        let sending = http_client::post(&self.url, &headers, &event.document, LARGEST_ANSWER);
        let answer = within(TIME_LIMIT, sending)
            .await
            .ok_or_else(|| away(format!("no answer within {TIME_LIMIT:?}")))?
            .map_err(|error| away(error.to_string()))?;
        match answer.status.as_u16() {
            200..300 => Ok(()),
            // Overloaded, or a gateway before it that can't reach it.
            status @ (429 | 502 | 503 | 504) => Err(away(format!("status {status}"))),
            status => Err(Undelivered {
                reason: Reason::Refused,
                error: format!("status {status}"),
            }),
        }
    }
}

/// Without the secret; a URL may hold one, too.
impl std::fmt::Debug for Webhook {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Webhook")
    }
}

fn check_url(url: &str, allows_private: bool) -> Result<(), SettingError> {
    WebhookUrl::parse(url, allows_private).map(|_| ())
}

fn away(error: impl Into<String>) -> Undelivered {
    Undelivered {
        reason: Reason::Unreachable,
        error: error.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_public_hosts_get_webhooks_unless_private_ones_are_allowed() {
        for url in [
            "https://127.0.0.1/hook",
            "https://10.1.2.3/hook",
            "https://[::1]/hook",
            "https://localhost/hook",
            "http://hooks.example.com/hook",
            "ftp://hooks.example.com",
            "hooks.example.com",
        ] {
            let error = check_url(url, false).expect_err(url);
            assert_eq!(error.name(), "webhook_url");
        }
        assert_eq!(check_url("https://hooks.example.com/hook", false), Ok(()));
        assert_eq!(check_url("http://127.0.0.1:8080/hook", true), Ok(()));
        assert!(check_url("http://hooks.example.com/hook", true).is_err());
    }
}
