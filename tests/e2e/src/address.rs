//! Source addresses that no two clients share, whichever process they are in.

use std::fs::File;
use std::io::{Read, Seek, Write};
use std::net::Ipv4Addr;

/// An address of 127.0.0.0/8 that no client has had for a long time: tests of exact limits, which
/// count by address, would meet.
///
/// Each test is a process of its own, so the number of the next one is in a file that they lock.
pub(crate) fn next_address() -> Ipv4Addr {
    let path = stack::workspace_root().join("target/e2e-addresses");
    let mut file = File::options()
        .create(true)
        .truncate(false)
        .read(true)
        .write(true)
        .open(path)
        .expect("the file with the next address");
    file.lock().expect("a lock");
    let mut text = String::new();
    file.read_to_string(&mut text).expect("a number");
    // The first time there is none.
    let number: u32 = text.trim().parse().unwrap_or(0);
    file.rewind().expect("the start of the file");
    // As long as every other, so that it covers the last one.
    write!(file, "{:010}", number.wrapping_add(1)).expect("room for a number");
    address(number)
}

/// Not 127.0.x.y, where everything else on this machine is, nor what may be a broadcast.
fn address(number: u32) -> Ipv4Addr {
    let digit = |divisor: u32, values: u32| u8::try_from(number / divisor % values).unwrap_or(0);
    Ipv4Addr::new(
        127,
        digit(254 * 256, 255) + 1,
        digit(254, 256),
        digit(1, 254) + 1,
    )
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::thread;

    use super::*;

    #[test]
    fn every_client_gets_an_address_of_its_own() {
        let threads: Vec<_> = (0..4)
            .map(|_| thread::spawn(|| (0..100).map(|_| next_address()).collect::<Vec<_>>()))
            .collect();
        let addresses: BTreeSet<_> = threads
            .into_iter()
            .flat_map(|thread| thread.join().unwrap())
            .collect();
        assert_eq!(addresses.len(), 400);
    }

    #[test]
    fn sixteen_million_numbers_are_different_addresses_of_hosts() {
        for number in [0, 253, 254, 65_023, 65_024, 254 * 256 * 255 - 1] {
            let [_, network, _, host] = address(number).octets();
            assert!(network >= 1 && (1..=254).contains(&host), "{number}");
        }
        assert_eq!(address(0), Ipv4Addr::new(127, 1, 0, 1));
        assert_eq!(
            address(254 * 256 * 255 - 1),
            Ipv4Addr::new(127, 255, 255, 254)
        );
    }
}
