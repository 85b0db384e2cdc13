//! An HTTP client that does nothing by itself: one connection a request, no retries, no defaults.

use std::env;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use serde::Serialize;
use stack::Nginx;
use tokio::time::timeout;
use tokio_rustls::rustls::ClientConfig;

use crate::PATIENCE;
use crate::address::next_address;
use crate::answer::Answer;
use crate::connection::{self, Connection, trusting};

/// A client at an address of 127.0.0.0/8 that no other client has.
#[derive(Clone, Debug)]
pub struct Client {
    /// `host:port` of the service.
    authority: String,
    /// None where the service has no TLS.
    tls: Option<Arc<ClientConfig>>,
    address: Ipv4Addr,
}

impl Client {
    /// A client of the service at `url`. With `https` it trusts the certificate in the file that
    /// `E2E_CERTIFICATE` names, and no other.
    pub fn new(url: &str) -> Self {
        static CONFIG: OnceLock<Arc<ClientConfig>> = OnceLock::new();
        let Some(authority) = url.strip_prefix("https://") else {
            let authority = url.strip_prefix("http://").expect("a URL of HTTP");
            return Self::of(authority, None);
        };
        let config = CONFIG.get_or_init(|| {
            let file = env::var_os("E2E_CERTIFICATE");
            let file = file.expect("E2E_CERTIFICATE is set where E2E_URL has TLS");
            Arc::new(trusting(file.as_ref()))
        });
        Self::of(authority, Some(Arc::clone(config)))
    }

    /// A client of a gateway of the test's own.
    pub fn of_gateway(nginx: &Nginx) -> Self {
        let url = nginx.url();
        let authority = url.strip_prefix("https://").expect("TLS");
        Self::of(authority, Some(Arc::new(trusting(nginx.certificate()))))
    }

    fn of(authority: &str, tls: Option<Arc<ClientConfig>>) -> Self {
        Self {
            authority: authority.to_owned(),
            tls,
            address: next_address(),
        }
    }

    /// The address that the service sees.
    pub fn address(&self) -> Ipv4Addr {
        self.address
    }

    /// A connection to the service, for what is no proper HTTP.
    pub async fn connect(&self) -> Connection {
        match &self.tls {
            None => Box::new(connection::plain(self.server(), self.address).await),
            Some(config) => {
                let config = Arc::clone(config);
                Box::new(connection::tls(self.server(), self.address, config).await)
            }
        }
    }

    /// The one of these protocols that a gateway with TLS takes (ALPN, RFC 7301).
    pub async fn agreed_protocol(&self, offered: &[&str]) -> Option<String> {
        let config = self.tls.as_deref().expect("a service with TLS");
        let mut config = config.clone();
        config.alpn_protocols = offered
            .iter()
            .map(|name| name.as_bytes().to_vec())
            .collect();
        let stream = connection::tls(self.server(), self.address, Arc::new(config)).await;
        let (_, session) = stream.get_ref();
        let agreed = session.alpn_protocol()?;
        Some(String::from_utf8_lossy(agreed).into_owned())
    }

    fn server(&self) -> SocketAddr {
        self.authority.parse().expect("address and port")
    }

    /// The beginning of a request; [`Request::send`] is its end.
    pub fn request(&self, method: Method, path: &str) -> Request {
        Request {
            client: self.clone(),
            method,
            path: path.to_owned(),
            headers: HeaderMap::new(),
            body: Bytes::new(),
            patience: PATIENCE,
        }
    }

    /// GET without credentials.
    pub async fn get(&self, path: &str) -> Answer {
        self.request(Method::GET, path).send().await
    }

    /// POST of JSON without credentials.
    pub async fn post(&self, path: &str, body: &impl Serialize) -> Answer {
        self.request(Method::POST, path).json(body).send().await
    }
}

/// A request that is being put together.
#[derive(Clone, Debug)]
#[must_use = "a request does nothing until it is sent"]
pub struct Request {
    client: Client,
    method: Method,
    path: String,
    headers: HeaderMap,
    body: Bytes,
    patience: Duration,
}

impl Request {
    /// Fails the test if the whole answer is not there within `patience`.
    pub fn within(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// Adds a header; the same one twice is sent twice.
    pub fn header(mut self, name: &str, value: impl AsRef<[u8]>) -> Self {
        let name: HeaderName = name.parse().expect("a header's name");
        let value = HeaderValue::from_bytes(value.as_ref()).expect("a header's value");
        self.headers.append(name, value);
        self
    }

    /// Adds `Authorization: Bearer <token>`.
    pub fn bearer(self, token: &str) -> Self {
        self.header("authorization", format!("Bearer {token}"))
    }

    /// Sets a JSON body.
    pub fn json(self, body: &impl Serialize) -> Self {
        let body = serde_json::to_vec(body).expect("a body");
        self.body("application/json", body)
    }

    /// Sets a body as it is.
    pub fn body(self, content_type: &str, body: impl Into<Bytes>) -> Self {
        let mut request = self.header("content-type", content_type);
        request.body = body.into();
        request
    }

    /// Sends it, and checks the answer for what every answer must have.
    pub async fn send(self) -> Answer {
        let answer = self.send_unchecked().await;
        answer.assert_envelope();
        answer
    }

    /// Sends it; the answer may be the host's own. One of the service is held against its description.
    pub async fn send_unchecked(self) -> Answer {
        let what = format!("{} {}", self.method, self.path);
        let patience = self.patience;
        let answer = timeout(patience, self.exchange())
            .await
            .unwrap_or_else(|_| panic!("{what}: no answer within {patience:?}"));
        if answer.is_of_the_service() {
            answer.assert_described();
        }
        answer
    }

    async fn exchange(self) -> Answer {
        let what = format!("{} {}", self.method, self.path);
        let stream = TokioIo::new(self.client.connect().await);
        let (mut sender, connection) = http1::handshake(stream).await.expect("a handshake");
        let connection = tokio::spawn(connection);
        let response = sender
            .send_request(self.to_http())
            .await
            .unwrap_or_else(|error| panic!("{what}: no answer: {error}"));
        let (parts, body) = response.into_parts();
        let body = body
            .collect()
            .await
            .unwrap_or_else(|error| panic!("{what}: half an answer: {error}"));
        connection.abort();
        Answer::new(what, parts, body.to_bytes())
    }

    fn to_http(&self) -> http::Request<Full<Bytes>> {
        let mut request = http::Request::builder()
            .method(self.method.clone())
            .uri(&self.path)
            .body(Full::new(self.body.clone()))
            .unwrap_or_else(|error| panic!("{}: {error}", self.path));
        *request.headers_mut() = self.headers.clone();
        if !self.headers.contains_key(header::HOST) {
            let host = HeaderValue::from_str(&self.client.authority).expect("a host");
            request.headers_mut().insert(header::HOST, host);
        }
        request
    }
}
