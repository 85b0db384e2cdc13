//! Where events are sent as webhooks: a setting.

use crate::private_host::is_private_host;
use crate::settings::SettingError;
use crate::web_url::WebUrl;

/// The setting that holds the URL.
const NAME: &str = "webhook_url";

/// The URL of who receives webhooks.
#[derive(Clone, PartialEq, Eq)]
pub struct WebhookUrl(String);

impl WebhookUrl {
    /// Reads an `https` URL; nothing if `text` is empty: there is nobody to tell then. Private hosts,
    /// and for them also `http`, need `allows_private`, the setting `webhook_allow_private`.
    ///
    /// A public name may still resolve to a private address; the host has to refuse that.
    ///
    /// # Errors
    /// If it is no such URL.
    pub fn parse(text: &str, allows_private: bool) -> Result<Option<Self>, SettingError> {
        let refused = |explanation| Err(SettingError::new(NAME, explanation));
        if text.is_empty() {
            return Ok(None);
        }
        let Some(parts) = WebUrl::parse(text) else {
            return refused("must look like https://host/path");
        };
        let is_private = is_private_host(parts.host);
        if is_private && !allows_private {
            return refused("leads to a private host, which webhook_allow_private = true allows");
        }
        if !is_private && !parts.is_https() {
            return refused("must be https, since it leads to a public host");
        }
        Ok(Some(Self(text.to_owned())))
    }

    /// The URL; it may hold a secret.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

/// Without the URL, which may hold a secret.
impl std::fmt::Debug for WebhookUrl {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("WebhookUrl")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn public_hosts_get_webhooks_by_https_whatever_is_allowed() {
        for allows_private in [false, true] {
            let url = "https://hooks.example.com/hook?key=secret";
            let parsed = WebhookUrl::parse(url, allows_private).unwrap().unwrap();
            assert_eq!(parsed.expose(), url);
            assert!(!format!("{parsed:?}").contains("secret"));
            for url in [
                "http://hooks.example.com/hook",
                "http://8.8.8.8/hook",
                "ftp://hooks.example.com",
                "hooks.example.com",
            ] {
                let error = WebhookUrl::parse(url, allows_private).unwrap_err();
                assert_eq!(error.name(), "webhook_url", "{url}");
            }
            assert_eq!(WebhookUrl::parse("", allows_private), Ok(None));
        }
    }

    #[test]
    fn private_hosts_get_them_if_that_is_allowed_also_by_http() {
        for host in ["127.0.0.1:8080", "10.1.2.3", "[::1]", "localhost"] {
            for scheme in ["http", "https"] {
                let url = format!("{scheme}://{host}/hook");
                assert!(WebhookUrl::parse(&url, false).is_err(), "{url}");
                assert!(WebhookUrl::parse(&url, true).is_ok(), "{url}");
            }
        }
    }
}
