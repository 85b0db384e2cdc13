//! What proxies and clients say of addresses.

use domain::{ClientAddress, TrustedProxies};

#[test]
fn who_is_no_proxy_is_not_believed_whatever_is_said() {
    let nobody = TrustedProxies::parse("").expect("no proxies");
    bolero::check!()
        .with_type::<([u8; 4], u16, Vec<String>)>()
        .for_each(|(ip, port, lines)| {
            let ip = std::net::Ipv4Addr::from(*ip);
            let peer = format!("{ip}:{port}");
            let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
            let address = ClientAddress::resolve(&peer, &lines, &nobody).expect("the peer's");
            assert_eq!(address.ip(), std::net::IpAddr::from(ip));
        });
}

#[test]
fn whatever_comes_by_a_proxy_leads_to_an_address() {
    let everybody = TrustedProxies::parse("0.0.0.0/0,::/0").expect("networks");
    bolero::check!()
        .with_type::<(String, Vec<String>)>()
        .for_each(|(peer, lines)| {
            let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
            if let Ok(address) = ClientAddress::resolve(peer, &lines, &everybody) {
                assert!(!address.rate_key().is_empty());
            }
            let known = ClientAddress::resolve("192.0.2.1:1", &lines, &everybody);
            assert!(known.is_ok(), "{lines:?}");
        });
}

#[test]
fn whatever_is_set_as_proxies_is_read_or_refused() {
    bolero::check!().with_type::<String>().for_each(|text| {
        if let Err(error) = TrustedProxies::parse(text) {
            assert_eq!(error.name(), "trusted_proxies");
        }
    });
}
