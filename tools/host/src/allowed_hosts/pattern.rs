//! One entry of `allowed_outbound_hosts`: `scheme://host[:port]`, with wildcards.

use std::net::IpAddr;
use std::ops::Range;
use std::str::FromStr;

use anyhow::{Context, bail, ensure};
use url::Host;

use super::{Address, usual_port};

/// An entry: each part must match.
#[derive(Debug)]
pub(super) struct Pattern {
    /// `None` for `*`.
    scheme: Option<String>,
    host: HostPattern,
    /// `None` for `*`.
    ports: Option<Range<u32>>,
}

#[derive(Debug)]
enum HostPattern {
    Any,
    Exactly(Host),
    /// `*.domain`, kept as `.domain`.
    SubdomainOf(String),
    /// Addresses that share the first bits, as in `10.0.0.0/8`.
    Network(IpAddr, u8),
}

impl Pattern {
    pub(super) fn matches(&self, address: &Address) -> bool {
        self.scheme
            .as_ref()
            .is_none_or(|scheme| *scheme == address.scheme)
            && self.host.matches(&address.host)
            && self.ports.as_ref().is_none_or(|ports| {
                address
                    .port
                    .is_some_and(|port| ports.contains(&u32::from(port)))
            })
    }
}

impl FromStr for Pattern {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> anyhow::Result<Self> {
        let (scheme, rest) = text
            .trim()
            .split_once("://")
            .with_context(|| format!("{text:?} is not <scheme>://<host>[:<port>]"))?;
        let is_scheme = scheme == "*" || scheme.chars().all(char::is_alphabetic);
        ensure!(
            is_scheme && !scheme.is_empty(),
            "the scheme of {text:?} is not known"
        );

        // A network has its own slash; otherwise at most one stands at the end.
        let is_network = rest.parse::<HostPattern>().is_ok();
        let rest = if is_network {
            rest
        } else {
            rest.strip_suffix('/').unwrap_or(rest)
        };
        // The last colon may belong to an IPv6 address.
        let (host, port) = match rest.rsplit_once(':') {
            Some((host, port)) if !rest.ends_with(']') => (host, port),
            _ => (rest, ""),
        };
        Ok(Self {
            scheme: (scheme != "*").then(|| scheme.to_owned()),
            host: host
                .parse()
                .with_context(|| format!("the host of {text:?}"))?,
            ports: parse_ports(port, scheme).with_context(|| format!("the port of {text:?}"))?,
        })
    }
}

/// Reads `*`, a number, `from..to` without `to`, or nothing for the scheme's usual port.
fn parse_ports(text: &str, scheme: &str) -> anyhow::Result<Option<Range<u32>>> {
    let number = |text: &str| {
        text.parse::<u16>()
            .map(u32::from)
            .with_context(|| format!("{text:?} is not a port"))
    };
    match text {
        "*" => Ok(None),
        "" => {
            let port = usual_port(scheme).context("this scheme has no usual port")?;
            Ok(Some(u32::from(port)..u32::from(port) + 1))
        }
        _ => match text.split_once("..") {
            Some((from, to)) => Ok(Some(number(from)?..number(to)?)),
            None => number(text).map(|port| Some(port..port + 1)),
        },
    }
}

impl HostPattern {
    fn matches(&self, host: &Host) -> bool {
        match (self, host) {
            (Self::Any, _) => true,
            (Self::Exactly(expected), _) => host == expected,
            (Self::SubdomainOf(suffix), Host::Domain(domain)) => domain.ends_with(suffix),
            (Self::Network(IpAddr::V4(network), bits), Host::Ipv4(address)) => {
                (network.to_bits() ^ address.to_bits()).leading_zeros() >= u32::from(*bits)
            }
            (Self::Network(IpAddr::V6(network), bits), Host::Ipv6(address)) => {
                (network.to_bits() ^ address.to_bits()).leading_zeros() >= u32::from(*bits)
            }
            _ => false,
        }
    }
}

impl FromStr for HostPattern {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> anyhow::Result<Self> {
        if text == "*" {
            return Ok(Self::Any);
        }
        if let Some((address, bits)) = text.split_once('/') {
            let address: IpAddr = address.parse().context("a path is not allowed")?;
            let bits: u8 = bits.parse().context("the network's size is not a number")?;
            ensure!(
                bits <= if address.is_ipv4() { 32 } else { 128 },
                "the network is too small"
            );
            return Ok(Self::Network(address, bits));
        }
        if let Some(domain) = text
            .strip_prefix("*.")
            .filter(|domain| !domain.contains('*'))
        {
            let Host::Domain(domain) = Host::parse(domain)? else {
                bail!("a wildcard needs a domain");
            };
            return Ok(Self::SubdomainOf(format!(".{domain}")));
        }
        ensure!(!text.contains('{'), "a list is not known");
        ensure!(
            !text.contains('*'),
            "a wildcard stands alone or before a dot"
        );
        Ok(Self::Exactly(Host::parse(text)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, address: &str) -> bool {
        let address = Address::parse(address, "none").unwrap();
        pattern.parse::<Pattern>().unwrap().matches(&address)
    }

    #[test]
    fn each_part_must_match() {
        for (pattern, address, expected) in [
            ("redis://cache:6379", "redis://cache", true),
            ("redis://cache", "redis://cache:6379", true),
            ("redis://cache/", "redis://cache", true),
            ("redis://cache:1", "redis://cache:2", false),
            ("redis://cache", "postgres://cache:6379", false),
            ("redis://cache", "redis://cache.other", false),
            ("*://*:*", "any://thing:1", true),
            ("*://cache:7", "any://cache:7", true),
            ("redis://*:6379", "redis://cache", true),
            ("redis://cache:*", "redis://cache:9", true),
            ("redis://cache:10..12", "redis://cache:11", true),
            ("redis://cache:10..12", "redis://cache:12", false),
            ("redis://*.example.org", "redis://a.example.org", true),
            ("redis://*.example.org", "redis://example.org", false),
            ("redis://10.0.0.0/8", "redis://10.9.8.7", true),
            ("redis://10.0.0.0/8:5", "redis://11.0.0.1:5", false),
            ("redis://10.0.0.0/8", "redis://ten", false),
            ("redis://[::1]:5", "redis://[::1]:5", true),
            ("redis://[::1]", "redis://[::1]", true),
            ("redis://[::1]:5", "redis://[::2]:5", false),
        ] {
            assert_eq!(matches(pattern, address), expected, "{pattern} {address}");
        }
    }

    #[test]
    fn malformed_entries_are_refused() {
        for text in [
            "",
            "*",
            "cache",
            "cache:1",
            "://cache:1",
            "re-dis://cache:1",
            "redis://cache:x",
            "redis://cache:99999",
            "redis://cache:1/path",
            "redis://a*b:1",
            "redis://*.*.b:1",
            "unknown://cache",
            "redis://:1",
            "redis://10.0.0.0/99",
            "redis://{a,b}:1",
        ] {
            assert!(text.parse::<Pattern>().is_err(), "{text:?} was accepted");
        }
    }
}
