//! The parts of a web address.

use std::net::{Ipv4Addr, Ipv6Addr};

use crate::host_name::is_domain_name;
use crate::text::is_space;

/// Longest host name, in characters (RFC 1034, section 3.1).
const LONGEST_HOST: usize = 253;

/// A well-formed `http` or `https` URL in its parts, as they stand in it.
///
/// What is well-formed follows Django's `URLValidator`, limited to the two schemes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WebUrl<'a> {
    /// `http` or `https`, perhaps with capital letters.
    pub scheme: &'a str,
    /// The name, and perhaps a password behind a colon, before an `@`.
    pub user: Option<&'a str>,
    /// A domain name, `localhost`, an IPv4 address, or an IPv6 address in its brackets.
    pub host: &'a str,
    /// The digits behind the host's colon.
    pub port: Option<&'a str>,
    /// Path, query and fragment; perhaps empty.
    pub rest: &'a str,
}

impl<'a> WebUrl<'a> {
    /// Splits `text` (RFC 3986, section 3); `None` if it is no such URL.
    pub fn parse(text: &'a str) -> Option<Self> {
        let (scheme, after) = text.split_once("://")?;
        let end = after.find(['/', '?', '#']).unwrap_or(after.len());
        let (authority, rest) = after.split_at(end);
        let (user, host_and_port) = authority
            .rsplit_once('@')
            .map_or((None, authority), |(user, rest)| (Some(user), rest));
        let (host, port) = split_port(host_and_port)?;
        let is_web = ["http", "https"]
            .iter()
            .any(|known| scheme.eq_ignore_ascii_case(known));
        let is_well_formed = is_web
            && user.is_none_or(is_user)
            && is_host(host)
            && port.is_none_or(is_port)
            && !rest.contains(|character: char| is_space(character) || character.is_control());
        is_well_formed.then_some(Self {
            scheme,
            user,
            host,
            port,
            rest,
        })
    }

    /// Whether the scheme is `https`.
    pub fn is_https(&self) -> bool {
        self.scheme.eq_ignore_ascii_case("https")
    }
}

fn is_user(text: &str) -> bool {
    let (name, password) = text.split_once(':').unwrap_or((text, ""));
    let is_plain = |part: &str| {
        !part.contains(|character: char| {
            is_space(character) || character.is_control() || matches!(character, ':' | '@' | '\\')
        })
    };
    !name.is_empty() && is_plain(name) && is_plain(password)
}

/// `host[:port]`; an IPv6 address has colons of its own, in brackets.
fn split_port(text: &str) -> Option<(&str, Option<&str>)> {
    let host_end = if text.starts_with('[') {
        text.find(']').map(|end| end + 1)
    } else {
        text.find(':')
    };
    match text.split_at(host_end.unwrap_or(text.len())) {
        (host, "") => Some((host, None)),
        (host, port) => Some((host, Some(port.strip_prefix(':')?))),
    }
}

fn is_host(host: &str) -> bool {
    if let Some(address) = host
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
    {
        return address.parse::<Ipv6Addr>().is_ok();
    }
    // A fully qualified name may end in a dot.
    let name = host.strip_suffix('.').unwrap_or(host);
    host.chars().count() <= LONGEST_HOST
        && (host.eq_ignore_ascii_case("localhost")
            || host.parse::<Ipv4Addr>().is_ok()
            || is_domain_name(name))
}

fn is_port(text: &str) -> bool {
    (1..=5).contains(&text.len())
        && text.bytes().all(|digit| digit.is_ascii_digit())
        && text.parse::<u16>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_split_where_the_standard_says() {
        let parse = |text| {
            let WebUrl {
                scheme,
                user,
                host,
                port,
                rest,
            } = WebUrl::parse(text).unwrap();
            (scheme, user, host, port, rest)
        };
        assert_eq!(
            parse("https://example.com"),
            ("https", None, "example.com", None, "")
        );
        assert_eq!(
            parse("HTTP://u:p@Example.com:8080/a?b#c"),
            ("HTTP", Some("u:p"), "Example.com", Some("8080"), "/a?b#c")
        );
        assert_eq!(
            parse("https://[::1]:443?@b"),
            ("https", None, "[::1]", Some("443"), "?@b")
        );
        assert!(WebUrl::parse("HTTPS://example.com").unwrap().is_https());
        assert!(!WebUrl::parse("http://example.com").unwrap().is_https());
    }

    #[test]
    fn what_is_no_web_address_is_not_split() {
        for text in [
            "",
            "example.com",
            "ftp://example.com",
            "https://",
            "https://a",
            "https://[::1]a",
            "https://example.com:/",
            "https://example.com\\@evil.com",
        ] {
            assert_eq!(WebUrl::parse(text), None, "{text}");
        }
    }
}
