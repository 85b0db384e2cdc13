//! Whose word is taken for where a request came from.

use std::net::IpAddr;

use ipnet::{IpNet, Ipv4Net};

use crate::settings::SettingError;

/// Bits of an IPv6 address before the IPv4 address that it maps (RFC 4291, section 2.5.5.2).
const MAPPED_PREFIX: u8 = 96;

/// The networks of the proxies before us: setting `trusted_proxies`. None unless it is set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrustedProxies {
    networks: Vec<IpNet>,
}

impl TrustedProxies {
    /// Reads networks in CIDR notation (RFC 4632, section 3.1) and single addresses, separated by
    /// commas or white space.
    ///
    /// # Errors
    /// The first entry that is neither.
    pub fn parse(text: &str) -> Result<Self, SettingError> {
        let networks = text
            .split(|character: char| character == ',' || character.is_whitespace())
            .filter(|entry| !entry.is_empty())
            .map(|entry| {
                network(entry).ok_or_else(|| {
                    let explanation = format!(
                        "{entry:?} is no network; write them like 10.0.0.0/8, separated by commas"
                    );
                    SettingError::new("trusted_proxies", explanation)
                })
            })
            .collect::<Result<_, _>>()?;
        Ok(Self { networks })
    }

    /// Whether `address` is a proxy's.
    pub fn contains(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.networks
            .iter()
            .any(|network| network.contains(&address))
    }
}

/// A network or a single address; a mapped IPv4 network as the IPv4 network that it means.
fn network(entry: &str) -> Option<IpNet> {
    let network = entry
        .parse()
        .ok()
        .or_else(|| entry.parse::<IpAddr>().ok().map(IpNet::from))?;
    match (network.network().to_canonical(), network.prefix_len()) {
        (IpAddr::V4(address), length @ MAPPED_PREFIX..) if network.addr().is_ipv6() => {
            Ipv4Net::new(address, length - MAPPED_PREFIX)
                .ok()
                .map(IpNet::V4)
        }
        _ => Some(network),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn addresses_within_the_networks_are_trusted() {
        let proxies =
            TrustedProxies::parse("10.0.0.0/8, 192.0.2.7\n2001:db8::/32,::ffff:198.51.100.0/120")
                .unwrap();
        for trusted in [
            "10.255.0.1",
            "192.0.2.7",
            "2001:db8::1",
            "198.51.100.9",
            "::ffff:10.1.2.3",
            "::ffff:198.51.100.9",
        ] {
            assert!(proxies.contains(trusted.parse().unwrap()), "{trusted}");
        }
        for foreign in [
            "11.0.0.1",
            "192.0.2.8",
            "2001:db9::1",
            "198.51.101.1",
            "::a00:1",
            "::1",
        ] {
            assert!(!proxies.contains(foreign.parse().unwrap()), "{foreign}");
        }
    }

    #[test]
    fn unset_trusts_nobody() {
        for text in ["", " , "] {
            assert_eq!(TrustedProxies::parse(text), Ok(TrustedProxies::default()));
        }
        assert!(!TrustedProxies::default().contains("127.0.0.1".parse().unwrap()));
    }

    #[test]
    fn a_bad_entry_is_named() {
        for text in [
            "10.0.0.0/33",
            "10.0.0/8",
            "proxy",
            "10.0.0.1-9",
            "::/129",
            "10.0.0.0/",
        ] {
            let error = TrustedProxies::parse(&format!("127.0.0.1,{text}")).unwrap_err();
            assert_eq!(error.name(), "trusted_proxies");
            assert!(error.to_string().contains(text), "{error}");
        }
    }

    proptest! {
        #[test]
        fn a_single_address_trusts_itself_only(number in any::<u128>(), other in any::<u128>()) {
            let address = IpAddr::from(number.to_be_bytes());
            let proxies = TrustedProxies::parse(&address.to_string()).unwrap();
            prop_assert!(proxies.contains(address));
            let other = IpAddr::from(other.to_be_bytes());
            prop_assert_eq!(proxies.contains(other), other == address);
        }

        #[test]
        fn any_text_is_answered(text in any::<String>(), close in "[0-9a-f:./, ]{0,40}") {
            let _ = TrustedProxies::parse(&text);
            let _ = TrustedProxies::parse(&close);
        }
    }
}
