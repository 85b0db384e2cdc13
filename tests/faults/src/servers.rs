//! The servers, the proxies in front of them, and the service behind those.

use std::fs;
use std::net::Ipv4Addr;

use anyhow::{Context, Result, ensure};
use e2e::Service;
use stack::{HostKind, Source, Stack};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::proxy::Proxy;

/// Limits that no load reaches.
const RATE_LIMITS: &str = r#"{
    "registration": {"limit": 1000000, "window": 1},
    "login": {"limit": 1000000, "window": 1},
    "login_address": {"limit": 1000000, "window": 1},
    "general": {"rate": 10000000, "burst": 10000000}
}"#;

/// How long a refresh whose answer was lost may be repeated, in seconds: longer than a fault lasts.
const REUSE_INTERVAL: &str = "300";

/// All of them.
pub(crate) struct Servers {
    /// The service, to which the servers are where the proxies are.
    pub(crate) service: Service,
    pub(crate) to_postgresql: Proxy,
    pub(crate) to_redis: Proxy,
    pub(crate) to_rabbitmq: Proxy,
    /// The servers themselves, with a PostgreSQL that forgets nothing it has acknowledged.
    pub(crate) stack: Stack,
}

impl Servers {
    /// Starts them.
    ///
    /// # Errors
    /// If one does not start; the text says which and why.
    pub(crate) async fn start() -> Result<Self> {
        let stack = Stack::builder()
            .port(stack::free_port()?)
            .durable()
            .fresh()
            .rabbitmq(Source::Private)
            .progress(|step| eprintln!("{step} ..."))
            .start()?;
        let to_postgresql = Proxy::before(stack.postgresql()?.port()).await?;
        let to_redis = Proxy::before(stack.redis()?.port()).await?;
        let mqtt = port_of(stack.mqtt_url())?;
        let to_rabbitmq = Proxy::before(mqtt).await?;
        let through = |url: &str, from: u16, to: &Proxy| {
            url.replace(&format!(":{from}"), &format!(":{}", to.port()))
        };
        let service = Stack::builder()
            .database(Source::Existing(through(
                stack.database_url(),
                stack.postgresql()?.port(),
                &to_postgresql,
            )))
            .redis(Source::Existing(through(
                stack.redis_url(),
                stack.redis()?.port(),
                &to_redis,
            )))
            .variable("mqtt_url", &through(stack.mqtt_url(), mqtt, &to_rabbitmq))
            .variable("rate_limits", RATE_LIMITS)
            .variable("refresh_reuse_interval", REUSE_INTERVAL)
            .host(HostKind::from_environment()?)
            .start()?;
        Ok(Self {
            service: Service::of(service),
            to_postgresql,
            to_redis,
            to_rabbitmq,
            stack,
        })
    }
}

impl Servers {
    /// Empties Redis.
    ///
    /// # Errors
    /// If it does not answer.
    pub(crate) async fn flush_redis(&self) -> Result<()> {
        let address = (Ipv4Addr::LOCALHOST, self.stack.redis()?.port());
        let mut redis = TcpStream::connect(address).await?;
        redis.write_all(b"FLUSHALL\r\n").await?;
        let mut answer = [0; 5];
        redis.read_exact(&mut answer).await?;
        ensure!(&answer == b"+OK\r\n", "Redis does not take FLUSHALL");
        Ok(())
    }
}

impl Drop for Servers {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(self.stack.folder());
    }
}

/// The port at the end of a URL's authority.
fn port_of(url: &str) -> Result<u16> {
    let end = url.rsplit(':').next().unwrap_or_default();
    let digits = end.trim_end_matches('/');
    digits
        .parse()
        .with_context(|| "the broker's URL ends with no port")
}
