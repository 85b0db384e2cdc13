//! The timer that has the outbox drained: what a cron job does in production.

use std::io::{self, BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

use stack::Stack;

use crate::progress::say;

/// How long an event waits that could not be published at once.
const INTERVAL: Duration = Duration::from_secs(1);
/// How long draining may take before the timer looks for an answer in vain.
const PATIENCE: Duration = Duration::from_mins(1);
/// No such route, and not at the moment: neither is worth a word.
const EXPECTED: [u16; 2] = [404, 503];

/// Calls the service's internal route again and again. Dropping it stops it.
#[derive(Debug)]
pub(crate) struct Timer {
    _stop: Sender<()>,
}

impl Timer {
    /// Begins to call the service of `stack`.
    pub(crate) fn start(stack: &Stack) -> Self {
        let port = stack.port();
        let secret = stack.variable("internal_secret").unwrap_or_default();
        let secret = secret.to_owned();
        let (stop, stopped) = channel();
        thread::spawn(move || {
            let mut known = None;
            while stopped.recv_timeout(INTERVAL) == Err(RecvTimeoutError::Timeout) {
                // A service that does not answer says so itself, or is being stopped.
                let Ok(status) = drain(port, &secret) else {
                    continue;
                };
                if is_unexpected(status) && known != Some(status) {
                    say(&format!(
                        "Draining the outbox is answered with status {status}."
                    ));
                }
                known = Some(status);
            }
        });
        Self { _stop: stop }
    }
}

fn is_unexpected(status: u16) -> bool {
    !(200..300).contains(&status) && !EXPECTED.contains(&status)
}

/// Has a batch published, and answers the status.
fn drain(port: u16, secret: &str) -> io::Result<u16> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let request = format!(
        "POST /internal/outbox/drain HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer \
         {secret}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes())?;
    let mut answer = String::new();
    BufReader::new(stream).read_line(&mut answer)?;
    status(&answer).ok_or_else(|| io::Error::other("no HTTP"))
}

/// The status in `HTTP/1.1 200 OK`.
fn status(line: &str) -> Option<u16> {
    line.strip_prefix("HTTP/1.")?
        .split(' ')
        .nth(1)?
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    #[test]
    fn the_route_is_called_with_the_secret() {
        let service = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = service.local_addr().unwrap().port();
        let call = thread::spawn(move || drain(port, "secret"));
        let mut stream = service.accept().unwrap().0;
        let lines = BufReader::new(stream.try_clone().unwrap()).lines();
        let request: Vec<String> = lines
            .map(Result::unwrap)
            .take_while(|line| !line.is_empty())
            .collect();
        assert_eq!(request[0], "POST /internal/outbox/drain HTTP/1.1");
        assert!(request.contains(&"Authorization: Bearer secret".to_owned()));
        stream
            .write_all(b"HTTP/1.1 503 Service Unavailable\r\n\r\n")
            .unwrap();
        assert_eq!(call.join().unwrap().unwrap(), 503);
    }

    #[test]
    fn only_a_refusal_is_worth_a_word() {
        for (status, expected) in [
            (200, false),
            (404, false),
            (503, false),
            (401, true),
            (500, true),
        ] {
            assert_eq!(is_unexpected(status), expected, "{status}");
        }
        assert_eq!(status("SSH-2.0"), None);
    }
}
