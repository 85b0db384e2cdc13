//! Whether the broker takes the publisher's connections, asked in MQTT 3.1.1.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::time::Duration;

/// The broker accepts a session: the definitions are loaded, and the plugin is up.
const ACCEPTED: [u8; 4] = [0x20, 2, 0, 0];
const DISCONNECT: [u8; 2] = [0xe0, 0];

/// Whether the broker on `port` lets `user` in.
pub(super) fn takes_publisher(port: u16, user: &str, password: &str) -> bool {
    let ask = || {
        let address = (Ipv4Addr::LOCALHOST, port).into();
        let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(1))?;
        stream.set_read_timeout(Some(Duration::from_secs(5)))?;
        stream.write_all(&connect(user, password))?;
        let mut answer = [0; 4];
        stream.read_exact(&mut answer)?;
        stream.write_all(&DISCONNECT)?;
        std::io::Result::Ok(answer == ACCEPTED)
    };
    ask().unwrap_or(false)
}

/// The packet CONNECT, of less than 128 bytes, so that its length is one byte.
fn connect(user: &str, password: &str) -> Vec<u8> {
    // Protocol level 4, a clean session with user name and password, no keep-alive.
    let mut content = b"\0\x04MQTT\x04\xc2\0\0".to_vec();
    for text in ["ready", user, password] {
        content.push(0);
        content.push(u8::try_from(text.len()).unwrap_or(u8::MAX));
        content.extend(text.as_bytes());
    }
    let length = u8::try_from(content.len()).unwrap_or(u8::MAX);
    [&[0x10, length], &content[..]].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_packet_is_what_mqtt_demands() {
        assert_eq!(
            connect("me", "pw"),
            b"\x10\x19\0\x04MQTT\x04\xc2\0\0\0\x05ready\0\x02me\0\x02pw"
        );
    }

    #[test]
    fn a_port_without_a_broker_takes_nobody() {
        assert!(!takes_publisher(1, "me", "pw"));
    }
}
