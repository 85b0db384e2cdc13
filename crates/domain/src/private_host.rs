//! Hosts that a request from outside must not make us call.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// IPv4 networks that are not the public internet: network, length of its prefix.
const PRIVATE_V4: [(Ipv4Addr, u32); 12] = [
    // "This network" (RFC 1122, section 3.2.1.3).
    (Ipv4Addr::UNSPECIFIED, 8),
    // Private (RFC 1918).
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    // Behind the NAT of a provider (RFC 6598).
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    // Loopback (RFC 1122, section 3.2.1.3).
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    // Link-local (RFC 3927), where clouds have their metadata.
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    // Protocol assignments (RFC 6890).
    (Ipv4Addr::new(192, 0, 0, 0), 24),
    // Once anycast for 6to4 (RFC 7526).
    (Ipv4Addr::new(192, 88, 99, 0), 24),
    // Benchmarks inside a network (RFC 2544).
    (Ipv4Addr::new(198, 18, 0, 0), 15),
    // Multicast (RFC 5771).
    (Ipv4Addr::new(224, 0, 0, 0), 4),
    // Reserved (RFC 1112, section 4), with the broadcast address.
    (Ipv4Addr::new(240, 0, 0, 0), 4),
];

/// IPv6 networks that are not the public internet.
const PRIVATE_V6: [(Ipv6Addr, u32); 9] = [
    // Unspecified, loopback, and IPv4 addresses in a form that is not in use (RFC 4291, section 2.5.5.1).
    (Ipv6Addr::UNSPECIFIED, 96),
    // Discarded (RFC 6666).
    (Ipv6Addr::new(0x100, 0, 0, 0, 0, 0, 0, 0), 64),
    // Translation inside a network (RFC 8215).
    (Ipv6Addr::new(0x64, 0xff9b, 1, 0, 0, 0, 0, 0), 48),
    // Protocol assignments (RFC 2928), with Teredo, which hides an IPv4 address.
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23),
    // Segment routing inside a network (RFC 9602).
    (Ipv6Addr::new(0x5f00, 0, 0, 0, 0, 0, 0, 0), 16),
    // Unique local (RFC 4193).
    (Ipv6Addr::new(0xfc00, 0, 0, 0, 0, 0, 0, 0), 7),
    // Link-local (RFC 4291, section 2.5.6) and once site-local (RFC 3879).
    (Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 0), 10),
    (Ipv6Addr::new(0xfec0, 0, 0, 0, 0, 0, 0, 0), 10),
    // Multicast (RFC 4291, section 2.7).
    (Ipv6Addr::new(0xff00, 0, 0, 0, 0, 0, 0, 0), 8),
];

/// Names for use inside a network: RFC 6761, RFC 6762, RFC 8375, and ICANN's `internal`.
const PRIVATE_NAMES: [&str; 4] = ["localhost", "local", "home.arpa", "internal"];

/// Longest domain name and longest label (RFC 1034, section 3.1).
const LONGEST_NAME: usize = 253;
const LONGEST_LABEL: usize = 63;

/// Whether `host`, as it stands in a URL, leads to this machine or into a private network.
///
/// Also true for whatever is neither an address nor a domain name of two labels or more in ASCII.
/// A public name may still resolve to a private address; who connects has to check that.
pub fn is_private_host(host: &str) -> bool {
    let bracketed = host
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    if let Some(address) = bracketed {
        return address.parse().map_or(true, is_private_v6);
    }
    // A fully qualified name ends in a dot.
    let name = host.strip_suffix('.').unwrap_or(host);
    match name.parse() {
        Ok(IpAddr::V4(address)) => is_private_v4(address),
        Ok(IpAddr::V6(address)) => is_private_v6(address),
        Err(_) => !is_public_name(&name.to_ascii_lowercase()),
    }
}

fn is_private_v4(address: Ipv4Addr) -> bool {
    PRIVATE_V4
        .into_iter()
        .any(|(network, length)| (address.to_bits() ^ network.to_bits()).leading_zeros() >= length)
}

fn is_private_v6(address: Ipv6Addr) -> bool {
    if let Some(address) = embedded_v4(address) {
        return is_private_v4(address);
    }
    PRIVATE_V6
        .into_iter()
        .any(|(network, length)| (address.to_bits() ^ network.to_bits()).leading_zeros() >= length)
}

/// The IPv4 address that `address` leads to: mapped (RFC 4291, section 2.5.5.2), translated
/// (RFC 6052, section 2.1) or tunnelled to (RFC 3056).
fn embedded_v4(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let from = |high: u16, low: u16| Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low));
    match address.segments() {
        [0, 0, 0, 0, 0, 0xffff, high, low]
        | [0x64, 0xff9b, 0, 0, 0, 0, high, low]
        | [0x2002, high, low, ..] => Some(from(high, low)),
        _ => None,
    }
}

/// Whether `name`, in lower case, is a domain name of two labels or more that is not for use inside
/// a network. A number at its end makes it an address in one of the old forms, such as `127.1` or
/// `0x7f000001` (WHATWG URL, section 3.5).
fn is_public_name(name: &str) -> bool {
    let is_label = |label: &str| {
        (1..=LONGEST_LABEL).contains(&label.len())
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    };
    let is_private = |private: &str| {
        let above = name.strip_suffix(private);
        above.is_some_and(|above| above.is_empty() || above.ends_with('.'))
    };
    let Some((_, last)) = name.rsplit_once('.') else {
        return false;
    };
    name.len() <= LONGEST_NAME
        && name.split('.').all(is_label)
        && !last.starts_with(|first: char| first.is_ascii_digit())
        && !PRIVATE_NAMES.into_iter().any(is_private)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn public_names_and_addresses_are_not_private() {
        for host in [
            "example.com",
            "EXAMPLE.com.",
            "fcm.googleapis.com",
            "updates.push.services.mozilla.com",
            "xn--bcher-kva.de",
            "a_b.example.com",
            "localhost.example.com",
            "mylocalhost.com",
            "notinternal.org",
            "10.example.com",
            "8.8.8.8",
            "172.15.255.255",
            "172.32.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "192.167.255.255",
            "223.255.255.255",
            "2606:4700::1111",
            "[2606:4700::1111]",
            "[::ffff:8.8.8.8]",
            "64:ff9b::8.8.8.8",
        ] {
            assert!(!is_private_host(host), "{host}");
        }
    }

    #[test]
    fn private_addresses_are_known_in_every_form() {
        for host in [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "10.255.255.255",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "127.0.0.1.",
            "127.255.255.254",
            "169.254.169.254",
            "192.0.0.192",
            "198.18.0.1",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "[::1]",
            "[::]",
            "::ffff:127.0.0.1",
            "[::ffff:10.0.0.1]",
            "[::ffff:a9fe:a9fe]",
            "::127.0.0.1",
            "64:ff9b::10.0.0.1",
            "64:ff9b:1::1",
            "2002:7f00:1::",
            "2001:0:1::1",
            "100::1",
            "fc00::1",
            "fdff::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ] {
            assert!(is_private_host(host), "{host}");
        }
    }

    #[test]
    fn addresses_in_old_forms_are_private_whatever_they_mean() {
        for host in [
            "2130706433",
            "127.1",
            "127.0.1",
            "0177.0.0.1",
            "010.0.0.1",
            "0x7f.0.0.1",
            "0x7f000001",
            "0x7f000001.",
            "8.8.8.0x8",
            "1.2.3.4.5",
            "8.8.8.8.8",
            "256.1.1.1",
            "[fe80::1%25eth0]",
            "fe80::1%eth0",
            "[8.8.8.8]",
            "[::1",
        ] {
            assert!(is_private_host(host), "{host}");
        }
    }

    #[test]
    fn names_inside_a_network_and_what_is_no_name_are_private() {
        let long_label = format!("{}.com", "a".repeat(64));
        let long_name = format!("{}com", "a.".repeat(126));
        for host in [
            "localhost",
            "LOCALHOST",
            "localhost.",
            "api.localhost",
            "a.b.LocalHost.",
            "printer.local",
            "metadata.google.internal",
            "router.home.arpa",
            "redis",
            "user-service",
            "",
            ".",
            "..",
            ".com",
            "example..com",
            "example.com..",
            "exa mple.com",
            "example.com:80",
            "example.com/",
            "user@example.com",
            "%31%32%37.0.0.1",
            "①②⑦.⓪.⓪.①",
            "１２７.0.0.1",
            "example。com",
            "bücher.de",
            "a\0.com",
            long_label.as_str(),
            long_name.as_str(),
        ] {
            assert!(is_private_host(host), "{host}");
        }
    }

    proptest! {
        #[test]
        fn a_mapped_address_is_what_it_maps(address in any::<u32>()) {
            let address = Ipv4Addr::from_bits(address);
            let private = is_private_host(&address.to_string());
            for host in [
                format!("[{}]", address.to_ipv6_mapped()),
                format!("{}", address.to_ipv6_mapped()),
                format!("{address}."),
            ] {
                prop_assert_eq!(is_private_host(&host), private, "{}", host);
            }
        }

        #[test]
        fn the_standard_library_knows_no_private_address_that_is_missed(address in any::<u32>(), bits in any::<u128>()) {
            let address = Ipv4Addr::from_bits(address);
            if address.is_private() || address.is_loopback() || address.is_link_local()
                || address.is_multicast() || address.is_unspecified() || address.is_broadcast()
            {
                prop_assert!(is_private_v4(address));
            }
            let address = Ipv6Addr::from_bits(bits);
            if address.is_unique_local() || address.is_loopback() || address.is_multicast()
                || address.is_unicast_link_local() || address.is_unspecified()
            {
                prop_assert!(is_private_v6(address));
            }
        }

        #[test]
        fn any_text_is_answered(text in any::<String>(), close in "[\\[\\]0-9a-fx.:]{0,30}") {
            let _ = is_private_host(&text);
            if let Ok(address) = close.parse::<Ipv4Addr>() {
                prop_assert_eq!(is_private_host(&close), is_private_v4(address));
            } else {
                let _ = is_private_host(&close);
            }
        }
    }
}
