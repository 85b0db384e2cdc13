//! Where a request came from.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use thiserror::Error;

use crate::trusted_proxies::TrustedProxies;

/// The host's word for the peer is no address. The host is misconfigured, not the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the peer's address is not of the form ip:port")]
pub struct PeerAddressError;

/// The address of the client, with IPv4 in its own form also where it came mapped into IPv6.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ClientAddress(IpAddr);

impl ClientAddress {
    /// Finds the client.
    ///
    /// `peer` is the last `spin-client-addr` value (`ip:port`, or `[ip]:port` for IPv6): the only
    /// one that the host wrote. `forwarded_for` holds the values of all `X-Forwarded-For` lines in
    /// their order. Each proxy writes the address that it heard from at the right end, so that the
    /// way back goes from right to left, and only as long as whoever wrote an entry is trusted. An
    /// entry that is no address ends it, too.
    ///
    /// # Errors
    /// If `peer` is no address.
    pub fn resolve(
        peer: &str,
        forwarded_for: &[&str],
        proxies: &TrustedProxies,
    ) -> Result<Self, PeerAddressError> {
        let mut address = address(peer).ok_or(PeerAddressError)?;
        let mut entries = forwarded_for.iter().flat_map(|line| line.split(',')).rev();
        while proxies.contains(address)
            && let Some(forwarded) = entries.next().and_then(self::address)
        {
            address = forwarded;
        }
        Ok(Self(address))
    }

    /// The address itself.
    pub fn ip(self) -> IpAddr {
        self.0
    }

    /// What requests are counted by: an IPv4 address, or the /64 of an IPv6 address, since one
    /// customer has at least that much (RFC 6177).
    pub fn rate_key(self) -> String {
        match self.0 {
            IpAddr::V4(address) => address.to_string(),
            IpAddr::V6(address) => {
                let network = Ipv6Addr::from_bits(address.to_bits() >> 64 << 64);
                format!("{network}/64")
            }
        }
    }
}

impl fmt::Display for ClientAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Reads `ip`, `ip:port`, `[ip]` or `[ip]:port`.
fn address(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let bare = text
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    let address = match bare {
        Some(bracketed) => bracketed.parse::<Ipv6Addr>().ok().map(IpAddr::V6),
        None => text.parse().ok().or_else(|| {
            let with_port: SocketAddr = text.parse().ok()?;
            Some(with_port.ip())
        }),
    };
    address.map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const PROXIES: &str = "10.0.0.0/8,2001:db8:ffff::/48";

    fn resolve(peer: &str, forwarded_for: &[&str]) -> String {
        let proxies = TrustedProxies::parse(PROXIES).unwrap();
        ClientAddress::resolve(peer, forwarded_for, &proxies)
            .unwrap()
            .to_string()
    }

    #[test]
    fn the_peer_is_the_client_unless_it_is_a_proxy() {
        assert_eq!(
            resolve("203.0.113.7:5000", &["198.51.100.1"]),
            "203.0.113.7"
        );
        assert_eq!(
            resolve("[2001:db8::7]:5000", &["198.51.100.1"]),
            "2001:db8::7"
        );
        assert_eq!(resolve("10.0.0.1:5000", &[]), "10.0.0.1");
    }

    #[test]
    fn the_right_most_untrusted_entry_is_the_client() {
        for (forwarded_for, client) in [
            (&["198.51.100.1"][..], "198.51.100.1"),
            (&["1.1.1.1, 198.51.100.1"], "198.51.100.1"),
            (&["1.1.1.1, 198.51.100.1, 10.0.0.2"], "198.51.100.1"),
            (&["1.1.1.1", "198.51.100.1 ,10.0.0.2"], "198.51.100.1"),
            (&["10.0.0.3, 10.0.0.2"], "10.0.0.3"),
            (&["198.51.100.1, [2001:db8:ffff::1]:443"], "198.51.100.1"),
            (&["[2001:db8::9]"], "2001:db8::9"),
            (&["198.51.100.1:1234"], "198.51.100.1"),
            (&["::ffff:198.51.100.1"], "198.51.100.1"),
        ] {
            assert_eq!(
                resolve("10.0.0.1:5000", forwarded_for),
                client,
                "{forwarded_for:?}"
            );
        }
    }

    #[test]
    fn junk_ends_the_walk() {
        for junk in [
            "unknown",
            "",
            "1.2.3",
            "fe80::1%eth0",
            "_hidden",
            "1.1.1.1:x",
            "[1.1.1.1]",
        ] {
            let line = format!("198.51.100.1, {junk}, 10.0.0.2");
            assert_eq!(resolve("10.0.0.1:5000", &[&line]), "10.0.0.2", "{junk}");
        }
    }

    #[test]
    fn a_peer_without_an_address_is_an_error() {
        for peer in ["", "localhost:80", "unix", "1.2.3.4:port"] {
            assert_eq!(
                ClientAddress::resolve(peer, &[], &TrustedProxies::default()),
                Err(PeerAddressError)
            );
        }
    }

    #[test]
    fn requests_are_counted_by_address_or_by_network() {
        let key = |peer| {
            ClientAddress::resolve(peer, &[], &TrustedProxies::default())
                .unwrap()
                .rate_key()
        };
        assert_eq!(key("203.0.113.7:1"), "203.0.113.7");
        assert_eq!(key("[::ffff:203.0.113.7]:1"), "203.0.113.7");
        assert_eq!(key("[2001:db8:1:2:3:4:5:6]:1"), "2001:db8:1:2::/64");
        assert_eq!(key("[2001:db8:1:2:ffff::]:1"), "2001:db8:1:2::/64");
    }

    proptest! {
        #[test]
        fn an_untrusted_peer_is_never_overruled(peer in any::<u32>(), line in any::<String>()) {
            let peer = std::net::Ipv4Addr::from_bits(peer);
            let line = format!("{line}, 10.0.0.2, 198.51.100.1");
            prop_assume!(peer.octets()[0] != 10);
            prop_assert_eq!(resolve(&format!("{peer}:1"), &[&line]), peer.to_string());
        }

        #[test]
        fn what_a_client_forges_on_the_left_changes_nothing(forged in any::<String>()) {
            let line = format!("{forged}, 198.51.100.1, 10.0.0.2");
            prop_assert_eq!(resolve("10.0.0.1:1", &[&line]), "198.51.100.1");
        }

        #[test]
        fn neighbours_in_a_64_share_a_key(network in any::<u64>(), a in any::<u64>(), b in any::<u64>()) {
            let address = |host: u64| {
                ClientAddress(Ipv6Addr::from_bits(u128::from(network) << 64 | u128::from(host)).into())
            };
            prop_assert_eq!(address(a).rate_key(), address(b).rate_key());
        }
    }
}
