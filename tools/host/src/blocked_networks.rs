//! `block_networks` of the runtime configuration: addresses that no component may connect to by HTTP
//! or Redis, whatever its `allowed_outbound_hosts` list and whatever a name resolves to.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use domain::is_private_host;
use ipnet::IpNet;
use redis::RedisFuture;
use redis::io::AsyncDNSResolver;
use serde::Deserialize;
use tokio::net::lookup_host;

/// The word for all networks that are not the public internet.
const PRIVATE: &str = "private";

/// Networks that are out of bounds.
#[derive(Clone, Debug, Default)]
pub(crate) struct BlockedNetworks(Arc<[BlockedNetwork]>);

/// One entry of the list.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(try_from = "String")]
pub(crate) enum BlockedNetwork {
    /// Whatever is not the public internet.
    Private,
    /// A network in CIDR notation.
    Network(IpNet),
}

impl TryFrom<String> for BlockedNetwork {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        if text == PRIVATE {
            return Ok(Self::Private);
        }
        let network = text.parse().map(Self::Network);
        network
            .map_err(|_| format!("{text:?} is neither a network like 10.0.0.0/8 nor {PRIVATE:?}"))
    }
}

impl BlockedNetwork {
    fn contains(self, address: IpAddr) -> bool {
        match self {
            Self::Private => is_private_host(&address.to_string()),
            Self::Network(network) => network.contains(&address),
        }
    }
}

impl BlockedNetworks {
    /// All of `networks`.
    pub(crate) fn new(networks: Vec<BlockedNetwork>) -> Self {
        Self(networks.into())
    }

    /// The addresses of `host` that are not blocked.
    ///
    /// # Errors
    /// [`Unreachable`] if there are none.
    pub(crate) async fn addresses(
        &self,
        host: &str,
        port: u16,
    ) -> Result<Vec<SocketAddr>, Unreachable> {
        let host = host.trim_start_matches('[').trim_end_matches(']');
        let found = lookup_host((host, port)).await.map_err(Unreachable::Name)?;
        let (blocked, allowed): (Vec<_>, Vec<_>) =
            found.partition(|address| self.is_blocked(address.ip()));
        if allowed.is_empty() && !blocked.is_empty() {
            eprintln!("{host} has no address that block_networks lets through.");
            return Err(Unreachable::Blocked);
        }
        Ok(allowed)
    }

    fn is_blocked(&self, address: IpAddr) -> bool {
        // The IPv4 address that an IPv6 address stands for counts, too.
        let inner = match address {
            IpAddr::V6(address) => address.to_ipv4().map(IpAddr::V4),
            IpAddr::V4(_) => None,
        };
        [Some(address), inner]
            .into_iter()
            .flatten()
            .any(|address| self.0.iter().any(|network| network.contains(address)))
    }
}

/// Why nobody can connect to a host.
#[derive(Debug)]
pub(crate) enum Unreachable {
    /// Nobody knows its name.
    Name(std::io::Error),
    /// All of its addresses are blocked.
    Blocked,
}

impl AsyncDNSResolver for BlockedNetworks {
    fn resolve<'a, 'b: 'a>(
        &'a self,
        host: &'b str,
        port: u16,
    ) -> RedisFuture<'a, Box<dyn Iterator<Item = SocketAddr> + Send + 'a>> {
        Box::pin(async move {
            let addresses = self
                .addresses(host, port)
                .await
                .map_err(|error| match error {
                    Unreachable::Name(error) => error,
                    Unreachable::Blocked => std::io::Error::other("the address is blocked"),
                })?;
            let addresses: Box<dyn Iterator<Item = SocketAddr> + Send> =
                Box::new(addresses.into_iter());
            Ok(addresses)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn networks(entries: &[&str]) -> BlockedNetworks {
        let entries = entries.iter().map(|&entry| entry.to_owned().try_into());
        BlockedNetworks::new(entries.collect::<Result<_, String>>().unwrap())
    }

    #[test]
    fn an_address_is_blocked_in_every_form() {
        let blocked = networks(&["123.123.0.0/16", "2001:db8::1/32"]);
        for address in ["123.123.1.2", "::ffff:123.123.1.2", "2001:db8:1::2"] {
            assert!(blocked.is_blocked(address.parse().unwrap()), "{address}");
        }
        for address in ["123.124.1.2", "127.0.0.1", "2600::1"] {
            assert!(!blocked.is_blocked(address.parse().unwrap()), "{address}");
        }
        assert!(!networks(&[]).is_blocked("10.0.0.1".parse().unwrap()));
    }

    #[test]
    fn private_means_all_that_is_not_the_public_internet() {
        let blocked = networks(&["private"]);
        for address in ["10.1.2.3", "127.0.0.1", "169.254.169.254", "::1", "fc00::1"] {
            assert!(blocked.is_blocked(address.parse().unwrap()), "{address}");
        }
        for address in ["123.123.123.123", "2600::beef"] {
            assert!(!blocked.is_blocked(address.parse().unwrap()), "{address}");
        }
    }

    #[test]
    fn what_is_no_network_is_refused() {
        for text in ["", "Private", "10.0.0.1", "10.0.0.0/33", "example.com"] {
            assert!(BlockedNetwork::try_from(text.to_owned()).is_err(), "{text}");
        }
    }

    #[tokio::test]
    async fn a_name_leads_only_to_what_is_not_blocked() {
        let found = networks(&["10.0.0.0/8"]).addresses("localhost", 80).await;
        assert!(!found.unwrap().is_empty());
        for host in ["localhost", "127.0.0.1", "[::1]"] {
            let refused = networks(&["private"]).addresses(host, 80).await;
            assert!(matches!(refused, Err(Unreachable::Blocked)), "{host}");
        }
        let unknown = networks(&[]).addresses("nowhere.invalid", 80).await;
        assert!(matches!(unknown, Err(Unreachable::Name(_))));
    }
}
