//! Events as webhooks, for hosts without MQTT: signed requests, and the same guarantees.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use e2e::{Service, eventually};
use hmac::{Hmac, KeyInit, Mac};
use http::StatusCode;
use serde_json::{Value, json};
use sha2::Sha256;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const KEY: &[u8] = b"a key of twenty-four bytes or so";
const PREFERENCES: &str = "/api/v1/users/preferences";

#[tokio::test]
async fn an_event_is_sent_signed() {
    let receiver = Receiver::new(&[]).await;
    let service = receiver.service();
    let user = service.registered_user().await;

    eventually("the event arrives", async || receiver.received().len() == 1).await;

    let [request] = &receiver.received()[..] else {
        panic!("one request");
    };
    assert_eq!(request.line, "POST /hook?of=users HTTP/1.1");
    assert_eq!(request.header("content-type"), "application/json");
    let event: Value = serde_json::from_str(&request.body).expect("JSON");
    assert_eq!(event["type"], "user.registered");
    assert_eq!(event["subject"], user.id.to_string());
    assert_eq!(event["id"], request.header("webhook-id"));
    request.assert_signed();
    eventually("nothing is left", async || pending(&service).await == 0).await;
}

#[tokio::test]
async fn what_a_receiver_does_not_take_is_sent_again_by_the_same_id() {
    let receiver = Receiver::new(&[500, 503]).await;
    let service = receiver.service();
    let user = service.registered_user().await;
    eventually("a try", async || receiver.received().len() == 1).await;
    let change = user.put(PREFERENCES, &json!({"frequency_limit": 3})).await;
    assert_eq!(change.status, StatusCode::OK, "{change}");

    eventually("nothing is left", async || {
        let due = "update outbox set next_attempt_at = now()";
        service.execute(due, &[]).await;
        service.drain().await;
        pending(&service).await == 0
    })
    .await;

    let events: Vec<(String, Value)> = receiver
        .received()
        .iter()
        .map(|request| {
            request.assert_signed();
            let event: Value = serde_json::from_str(&request.body).expect("JSON");
            (
                request.header("webhook-id").to_owned(),
                event["type"].clone(),
            )
        })
        .collect();
    let types: Vec<_> = events.iter().map(|(_, event_type)| event_type).collect();
    assert_eq!(
        types,
        [
            "user.registered",
            "user.registered",
            "user.registered",
            "user.preferences_updated"
        ],
        "in order, whatever fails"
    );
    assert!(events[..3].iter().all(|(id, _)| *id == events[0].0));
}

#[tokio::test]
async fn what_is_refused_too_often_is_a_dead_letter() {
    let receiver = Receiver::new(&[400; 2]).await;
    let service = receiver.service();
    service.registered_user().await;

    eventually("a dead letter", async || {
        let due = "update outbox set next_attempt_at = now() where dead_at is null";
        service.execute(due, &[]).await;
        service.drain().await;
        let dead = "select count(*) from outbox where dead_at is not null";
        service.value::<i64>(dead, &[]).await == 1
    })
    .await;

    assert_eq!(receiver.received().len(), 2);
    let error: String = service.value("select last_error from outbox", &[]).await;
    assert_eq!(error, "status 400");
}

#[tokio::test]
async fn private_receivers_are_refused_unless_they_are_allowed() {
    let service = Service::with_variables(&[
        ("webhook_url", "https://127.0.0.1:9/hook"),
        ("webhook_secret", &secret()),
    ]);
    let answer = service.client().get("/health").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{answer}");
    assert_eq!(answer.text("/code"), "misconfigured");
}

/// Receives webhooks; answers with the statuses that it was given, then with 204.
struct Receiver {
    url: String,
    received: Arc<Mutex<Vec<Received>>>,
}

/// A request as it came.
#[derive(Clone, Debug)]
struct Received {
    line: String,
    headers: Vec<(String, String)>,
    body: String,
}

impl Receiver {
    async fn new(statuses: &[u16]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let received = Arc::new(Mutex::new(Vec::new()));
        let mut statuses: VecDeque<u16> = statuses.iter().copied().collect();
        let requests = Arc::clone(&received);
        tokio::spawn(async move {
            loop {
                let (mut stream, _) = listener.accept().await.expect("a connection");
                let Some(request) = read(&mut stream).await else {
                    continue;
                };
                requests.lock().expect("not poisoned").push(request);
                let status = statuses.pop_front().unwrap_or(204);
                let answer = format!("HTTP/1.1 {status} x\r\nconnection: close\r\n\r\n");
                // Who hangs up has no use for it.
                let _ = stream.write_all(answer.as_bytes()).await;
            }
        });
        Self {
            url: format!("http://{address}/hook?of=users"),
            received,
        }
    }

    /// A service on servers of its own that sends its events here.
    fn service(&self) -> Service {
        Service::on_own_servers(&[
            ("webhook_url", &self.url),
            ("webhook_secret", &secret()),
            ("webhook_allow_private", "true"),
            ("event_refusals", "2"),
        ])
    }

    fn received(&self) -> Vec<Received> {
        self.received.lock().expect("not poisoned").clone()
    }
}

impl Received {
    fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value)
    }

    /// By the Standard Webhooks specification.
    fn assert_signed(&self) {
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

fn secret() -> String {
    format!("whsec_{}", STANDARD.encode(KEY))
}

async fn pending(service: &Service) -> i64 {
    service.value("select count(*) from outbox", &[]).await
}
