//! `allowed_outbound_hosts`: which addresses a component may connect to, decided as by Spin.

mod pattern;

use std::collections::HashMap;

use anyhow::Context;
use url::{Host, Url};

use self::pattern::Pattern;
use crate::template;

/// What one component may connect to.
#[derive(Debug)]
pub(crate) struct AllowedHosts {
    component: String,
    patterns: Vec<Pattern>,
}

impl AllowedHosts {
    /// Renders and reads a component's entries.
    ///
    /// An entry that a template leaves empty is skipped: that is how a server is optional.
    pub(crate) fn new(
        component: &str,
        templates: &[String],
        variables: &HashMap<String, String>,
    ) -> anyhow::Result<Self> {
        let mut patterns = Vec::new();
        for text in templates {
            let entry = template::render(text, variables)
                .and_then(|entry| {
                    if entry.is_empty() && text.contains("{{") {
                        return Ok(None);
                    }
                    entry.parse::<Pattern>().map(Some)
                })
                .with_context(|| format!("allowed_outbound_hosts of component {component:?}"))?;
            patterns.extend(entry);
        }
        Ok(Self {
            component: component.to_owned(),
            patterns,
        })
    }

    /// Whether the component may connect to `address`, a URL or, for `scheme`, `host[:port]`.
    /// A refusal is reported on the standard error output.
    pub(crate) fn allows(&self, address: &str, scheme: &str) -> bool {
        let Some(address) = Address::parse(address, scheme) else {
            return false;
        };
        let allowed = self
            .patterns
            .iter()
            .any(|pattern| pattern.matches(&address));
        if !allowed {
            let Address { scheme, host, port } = &address;
            let port = port.map(|port| format!(":{port}")).unwrap_or_default();
            eprintln!(
                "Component {:?} tried to connect to {scheme}://{host}{port}, which its \
                 allowed_outbound_hosts don't list.",
                self.component
            );
        }
        allowed
    }
}

/// An address that a component wants to connect to.
#[derive(Debug)]
struct Address {
    scheme: String,
    host: Host,
    /// The port, or the scheme's usual one.
    port: Option<u16>,
}

impl Address {
    fn parse(text: &str, scheme: &str) -> Option<Self> {
        let text = without_credentials(text);
        let url = Url::parse(&text)
            .ok()
            .filter(Url::has_host)
            .or_else(|| Url::parse(&format!("{scheme}://{text}")).ok())?;
        let host = Host::parse(url.host_str()?).ok()?;
        let port = url.port().or_else(|| usual_port(url.scheme()));
        Some(Self {
            scheme: url.scheme().to_owned(),
            host,
            port,
        })
    }
}

/// Cuts `user:password@` out of a URL; it may hold characters that a URL may not.
fn without_credentials(url: &str) -> String {
    let authority = url.find("://").map_or(0, |scheme| scheme + 3);
    let path = url[authority..]
        .find('/')
        .map_or(url.len(), |path| path + authority);
    match url[..path].rfind('@') {
        Some(at) if at >= authority => format!("{}{}", &url[..authority], &url[at + 1..]),
        _ => url.to_owned(),
    }
}

/// The port that a scheme means if none is named.
fn usual_port(scheme: &str) -> Option<u16> {
    match scheme {
        "postgres" => Some(5432),
        "redis" => Some(6379),
        "mqtt" => Some(1883),
        "http" => Some(80),
        "https" => Some(443),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hosts(entries: &[&str]) -> anyhow::Result<AllowedHosts> {
        let variables = [("address", "redis://cache:6380"), ("empty", "")];
        let variables = variables
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into();
        let entries: Vec<_> = entries.iter().map(|&entry| entry.to_owned()).collect();
        AllowedHosts::new("main", &entries, &variables)
    }

    #[test]
    fn only_what_is_listed_is_allowed() {
        let hosts = hosts(&["postgres://127.0.0.1:5432", "{{ address }}", "{{ empty }}"]).unwrap();
        for (address, scheme) in [
            ("127.0.0.1:5432", "postgres"),
            ("127.0.0.1", "postgres"),
            ("redis://cache:6380", "redis"),
            ("redis://cache:6380/3", "redis"),
            ("redis://:p@ss/w%rd@cache:6380", "other"),
            ("redis://user:p@ss#w%rd@cache:6380/0", "redis"),
        ] {
            // A slash in the password ends the authority too early, for Spin as well.
            let expected = !address.contains("ss/w");
            assert_eq!(hosts.allows(address, scheme), expected, "{address}");
        }
        for (address, scheme) in [
            ("127.0.0.1:5433", "postgres"),
            ("127.0.0.2:5432", "postgres"),
            ("localhost:5432", "postgres"),
            ("redis://127.0.0.1:5432", "redis"),
            ("redis://cache", "redis"),
            ("redis://cache:6380@evil:6380", "redis"),
            ("", "redis"),
        ] {
            assert!(!hosts.allows(address, scheme), "{address}");
        }
    }

    #[test]
    fn nothing_listed_allows_nothing() {
        assert!(
            !hosts(&["{{ empty }}"])
                .unwrap()
                .allows("redis://cache", "redis")
        );
    }

    #[test]
    fn one_bad_entry_fails_the_list() {
        for entry in ["", "cache:6379", "redis://cache:6379/0", "{{ nobody }}"] {
            assert!(
                hosts(&["redis://cache", entry]).is_err(),
                "{entry:?} was accepted"
            );
        }
    }
}
