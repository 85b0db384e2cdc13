//! A relay in front of a server that counts the round trips to it.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;

use anyhow::{Context, Result};

/// Passes connections on to a server. What goes there after something has come back, or at first,
/// is a round trip, whatever the protocol.
///
/// It ends with this program.
#[derive(Debug)]
pub(crate) struct Relay {
    port: u16,
    round_trips: Arc<AtomicU64>,
}

impl Relay {
    /// A relay to the server on `port` of 127.0.0.1.
    ///
    /// # Errors
    /// If it can't listen.
    pub(crate) fn to(port: u16) -> Result<Self> {
        let listener =
            TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("can't listen for a relay")?;
        let relay = Self {
            port: listener.local_addr().context("no address")?.port(),
            round_trips: Arc::default(),
        };
        let round_trips = relay.round_trips.clone();
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                // The client sees its connection end.
                let _ = relay_connection(&client, port, &round_trips);
            }
        });
        Ok(relay)
    }

    /// Where it listens on 127.0.0.1.
    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// How many round trips there have been.
    pub(crate) fn round_trips(&self) -> u64 {
        self.round_trips.load(Ordering::Relaxed)
    }
}

fn relay_connection(
    client: &TcpStream,
    port: u16,
    round_trips: &Arc<AtomicU64>,
) -> std::io::Result<()> {
    let server = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    for stream in [client, &server] {
        stream.set_nodelay(true)?;
    }
    let answered = Arc::new(AtomicBool::new(true));
    let asked = (answered.clone(), round_trips.clone());
    copy(client.try_clone()?, server.try_clone()?, move || {
        if asked.0.swap(false, Ordering::Relaxed) {
            asked.1.fetch_add(1, Ordering::Relaxed);
        }
    });
    copy(server, client.try_clone()?, move || {
        answered.store(true, Ordering::Relaxed);
    });
    Ok(())
}

/// Copies in a thread of its own until an end; tells of every piece before it goes on.
fn copy(mut from: TcpStream, mut to: TcpStream, tell: impl Fn() + Send + 'static) {
    thread::spawn(move || {
        let mut piece = [0; 16_384];
        while let Ok(length @ 1..) = from.read(&mut piece) {
            tell();
            if to.write_all(&piece[..length]).is_err() {
                break;
            }
        }
        let _ = from.shutdown(Shutdown::Both);
        let _ = to.shutdown(Shutdown::Both);
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_and_its_answer_are_one_round_trip_however_many_pieces_they_come_in() {
        let server = TcpListener::bind("127.0.0.1:0").unwrap();
        let relay = Relay::to(server.local_addr().unwrap().port()).unwrap();
        let mut client = TcpStream::connect(("127.0.0.1", relay.port())).unwrap();
        client.set_nodelay(true).unwrap();
        let mut server = server.accept().unwrap().0;
        let mut piece = [0; 2];
        for expected in 1..=3 {
            for byte in [b"a", b"b"] {
                client.write_all(byte).unwrap();
                server.read_exact(&mut piece[..1]).unwrap();
            }
            server.write_all(b"ok").unwrap();
            client.read_exact(&mut piece).unwrap();
            assert_eq!(relay.round_trips(), expected);
        }
    }
}
