//! A server that receives webhooks.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use e2e::Service;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;
use sha2::Sha256;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::sleep;
use uuid::Uuid;

const KEY: &[u8] = b"a key of twenty-four bytes or so";

/// Receives webhooks, and answers as it was told.
pub(crate) struct Receiver {
    url: String,
    received: Arc<Mutex<Vec<Received>>>,
}

/// A request as it came.
#[derive(Clone, Debug)]
pub(crate) struct Received {
    pub(crate) line: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

/// How a request is answered.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) after: Duration,
}

impl Reply {
    pub(crate) fn status(status: u16) -> Self {
        Self {
            status,
            after: Duration::ZERO,
        }
    }
}

impl Receiver {
    /// Answers with these statuses, then with 204.
    pub(crate) async fn new(statuses: &[u16]) -> Self {
        let statuses: VecDeque<u16> = statuses.iter().copied().collect();
        let statuses = Mutex::new(statuses);
        Self::replying(move |_| {
            let next = statuses.lock().expect("not poisoned").pop_front();
            Reply::status(next.unwrap_or(204))
        })
        .await
    }

    /// Answers each request with what `reply` says.
    pub(crate) async fn replying(
        reply: impl Fn(&Received) -> Reply + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let received = Arc::new(Mutex::new(Vec::new()));
        let requests = Arc::clone(&received);
        let reply = Arc::new(reply);
        tokio::spawn(async move {
            loop {
                let (mut stream, _) = listener.accept().await.expect("a connection");
                let (requests, reply) = (Arc::clone(&requests), Arc::clone(&reply));
                tokio::spawn(async move {
                    let Some(request) = read(&mut stream).await else {
                        return;
                    };
                    let Reply { status, after } = reply(&request);
                    requests.lock().expect("not poisoned").push(request);
                    sleep(after).await;
                    let answer = format!("HTTP/1.1 {status} x\r\nconnection: close\r\n\r\n");
                    // Who hangs up has no use for it.
                    let _ = stream.write_all(answer.as_bytes()).await;
                });
            }
        });
        Self {
            url: format!("http://{address}/hook?of=users"),
            received,
        }
    }

    /// The variables of a service that sends its events here.
    pub(crate) fn variables(&self) -> Vec<(&'static str, String)> {
        vec![
            ("webhook_url", self.url.clone()),
            ("webhook_secret", secret()),
            ("webhook_allow_private", "true".to_owned()),
            ("event_refusals", "2".to_owned()),
        ]
    }

    /// A service on servers of its own that sends its events here.
    pub(crate) fn service(&self) -> Service {
        let variables = self.variables();
        let variables: Vec<_> = variables
            .iter()
            .map(|(name, value)| (*name, &**value))
            .collect();
        Service::on_own_servers(&variables)
    }

    /// The requests that came so far.
    pub(crate) fn received(&self) -> Vec<Received> {
        self.received.lock().expect("not poisoned").clone()
    }
}

impl Received {
    /// The value of a header; empty if it is not there.
    pub(crate) fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value)
    }

    /// The event.
    pub(crate) fn event(&self) -> Value {
        serde_json::from_str(&self.body).expect("JSON")
    }

    /// Whether it tells of `user`.
    pub(crate) fn is_of(&self, user: &Uuid) -> bool {
        self.event()["subject"] == user.to_string()
    }

    /// By the Standard Webhooks specification.
    pub(crate) fn assert_signed(&self) {
        let (id, timestamp) = (self.header("webhook-id"), self.header("webhook-timestamp"));
        let mut mac = Hmac::<Sha256>::new_from_slice(KEY).expect("a key");
        mac.update(format!("{id}.{timestamp}.{}", self.body).as_bytes());
        let expected = format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()));
        assert_eq!(self.header("webhook-signature"), expected);
    }
}

/// Reads one request; nothing if it is broken off.
async fn read(stream: &mut TcpStream) -> Option<Received> {
    let mut bytes = Vec::new();
    let head_end = loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break end;
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8_lossy(&bytes[..head_end]).into_owned();
    let mut lines = head.lines();
    let line = lines.next()?.to_owned();
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect();
    let length = headers.iter().find(|(name, _)| name == "content-length")?;
    let length: usize = length.1.parse().ok()?;
    let mut body = bytes.split_off(head_end + 4);
    while body.len() < length {
        if stream.read_buf(&mut body).await.ok()? == 0 {
            return None;
        }
    }
    Some(Received {
        line,
        headers,
        body: String::from_utf8(body).ok()?,
    })
}

pub(crate) fn secret() -> String {
    format!("whsec_{}", STANDARD.encode(KEY))
}
