//! `Strict-Transport-Security` (RFC 6797): browsers are to come by TLS, once they have come by it.

use domain::{ClientAddress, TrustedProxies};
use http::{HeaderMap, HeaderValue, header};

/// A year, as OWASP has it. Subdomains are somebody else's.
const POLICY: &str = "max-age=31536000";

/// Whether the client has come by TLS, as far as a trusted proxy says. The host itself speaks plain HTTP,
/// over which the header must not be sent (section 7.2).
pub(super) fn is_behind_tls(request: &HeaderMap, proxies: &TrustedProxies) -> bool {
    let last = |name| {
        let value = request.get_all(name).into_iter().next_back();
        value.and_then(|value| value.to_str().ok())
    };
    // A client's own `spin-client-addr` comes first; the host's stands last.
    let is_proxy = last("spin-client-addr")
        .and_then(|peer| ClientAddress::resolve(peer, &[], &TrustedProxies::default()).ok())
        .is_some_and(|peer| proxies.contains(peer.ip()));
    // Each proxy writes at the right end; the nearest one is who is trusted.
    let scheme = last("x-forwarded-proto").and_then(|value| value.rsplit(',').next());
    is_proxy && scheme.is_some_and(|scheme| scheme.trim().eq_ignore_ascii_case("https"))
}

/// Adds the header to an answer.
pub(super) fn demand(answer: &mut HeaderMap) {
    answer.insert(
        header::STRICT_TRANSPORT_SECURITY,
        HeaderValue::from_static(POLICY),
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_believed(peers: &[&'static str], schemes: &[&'static str]) -> bool {
        let proxies = TrustedProxies::parse("10.0.0.0/8").expect("a network");
        let mut request = HeaderMap::new();
        for (name, values) in [("spin-client-addr", peers), ("x-forwarded-proto", schemes)] {
            for value in values {
                request.append(name, HeaderValue::from_static(value));
            }
        }
        is_behind_tls(&request, &proxies)
    }

    #[test]
    fn the_nearest_proxy_is_believed() {
        assert!(is_believed(&["10.0.0.1:80"], &["https"]));
        assert!(is_believed(&["10.0.0.1:80"], &["http", "http, HTTPS "]));
        assert!(!is_believed(&["10.0.0.1:80"], &["https", "http"]));
        assert!(!is_believed(&["10.0.0.1:80"], &["https, http"]));
        assert!(!is_believed(&["10.0.0.1:80"], &[]));
    }

    #[test]
    fn nobody_else_is() {
        assert!(!is_believed(&["192.0.2.1:80"], &["https"]));
        assert!(!is_believed(&["10.0.0.1:80", "192.0.2.1:80"], &["https"]));
        assert!(!is_believed(&["somebody"], &["https"]));
        assert!(!is_believed(&[], &["https"]));
    }
}
