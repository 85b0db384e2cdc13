//! The timers that call the service's internal routes: what cron jobs do in production.

use std::io::{self, BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

use stack::Stack;

use crate::interrupt;
use crate::progress::say;

/// Delivers events that could not be published at once.
pub(crate) const DRAIN: Job = Job {
    name: "Draining the outbox",
    path: "/internal/outbox/drain",
    interval: Duration::from_secs(1),
};
/// Removes what is kept no longer.
pub(crate) const SWEEP: Job = Job {
    name: "Sweeping",
    path: "/internal/sweep",
    interval: Duration::from_mins(5),
};

/// Fills the cache after it was emptied.
pub(crate) const WARM: Job = Job {
    name: "Warming the cache",
    path: "/internal/cache/warm",
    interval: Duration::from_mins(1),
};

/// How long a call may take before the timer looks for an answer in vain.
const PATIENCE: Duration = Duration::from_mins(1);

/// A route that is to be called now and then.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Job {
    /// What calling it does, as the beginning of a sentence.
    name: &'static str,
    pub(crate) path: &'static str,
    /// From one call's end to the next one's beginning.
    interval: Duration,
}

/// Calls a route again and again. Dropping it stops it.
#[derive(Debug)]
pub(crate) struct Timer {
    _stop: Sender<()>,
}

impl Timer {
    /// Begins to call the service of `stack`, now for the first time. Without an internal secret the
    /// route is not there, and nobody calls it.
    pub(crate) fn start(stack: &Stack, job: Job) -> Self {
        let port = stack.port();
        let secret = stack.variable("internal_secret").unwrap_or_default();
        let secret = secret.to_owned();
        let (stop, stopped) = channel();
        if !secret.is_empty() {
            thread::spawn(move || {
                let mut was_well = true;
                loop {
                    let outcome = call(port, &secret, job.path);
                    // What is being stopped needs no word.
                    if let Some(text) = change(job.name, was_well, &outcome)
                        && !interrupt::has_come()
                    {
                        say(&text);
                    }
                    was_well = is_well(&outcome);
                    if stopped.recv_timeout(job.interval) != Err(RecvTimeoutError::Timeout) {
                        break;
                    }
                }
            });
        }
        Self { _stop: stop }
    }
}

/// What there is to say of a call that came to `outcome`: of the first that fails, and of the first
/// that works again.
fn change(name: &str, was_well: bool, outcome: &io::Result<u16>) -> Option<String> {
    match (was_well, outcome) {
        (true, Ok(status)) if !is_well(outcome) => Some(format!(
            "{name} is answered with status {status}; it is tried again and again."
        )),
        (true, Err(error)) => Some(format!(
            "{name} gets no answer ({error}); it is tried again and again."
        )),
        (false, Ok(_)) if is_well(outcome) => Some(format!("{name} works again.")),
        _ => None,
    }
}

fn is_well(outcome: &io::Result<u16>) -> bool {
    outcome
        .as_ref()
        .is_ok_and(|status| (200..300).contains(status))
}

/// Calls the route `path` of the service on this port of 127.0.0.1, and answers the status.
///
/// # Errors
/// If it gives no answer of HTTP.
pub(crate) fn call(port: u16, secret: &str, path: &str) -> io::Result<u16> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let request = format!(
        "POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer \
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
        let calling = thread::spawn(move || call(port, "secret", DRAIN.path));
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
        assert_eq!(calling.join().unwrap().unwrap(), 503);
    }

    #[test]
    fn the_first_failure_and_the_recovery_are_told_and_nothing_between() {
        let mut was_well = true;
        let outcomes = [
            Ok(200),
            Ok(503),
            Ok(503),
            Err(io::Error::other("refused")),
            Ok(200),
            Ok(200),
            Err(io::Error::other("refused")),
            Ok(204),
        ];
        let told = outcomes.map(|outcome| {
            let text = change("It", was_well, &outcome);
            was_well = is_well(&outcome);
            text
        });
        let told: Vec<_> = told.iter().map(|text| text.as_deref()).collect();
        assert_eq!(
            told,
            [
                None,
                Some("It is answered with status 503; it is tried again and again."),
                None,
                None,
                Some("It works again."),
                None,
                Some("It gets no answer (refused); it is tried again and again."),
                Some("It works again."),
            ]
        );
        assert_eq!(status("SSH-2.0"), None);
    }
}
