//! `events`: prints what arrives on the exchange, as a consumer sees it.

use std::collections::BTreeMap;
use std::io::{self, Write};

use anyhow::{Context, Result, bail};
use clap::Args;
use futures::StreamExt;
use lapin::options::{BasicConsumeOptions, QueueBindOptions, QueueDeclareOptions};
use lapin::types::FieldTable;
use lapin::{Connection, ConnectionProperties, Consumer};
use serde_json::Value;
use stack::{kept_amqp_url, random_secret, read_dotenv};

use crate::database::amqp_url;
use crate::interrupt;
use crate::progress::say;

const EXCHANGE: &str = "user.events";
/// Every routing key.
const EVERYTHING: &str = "#";

/// Options of `events`.
#[derive(Args, Debug)]
pub(crate) struct Options {
    /// The port of 127.0.0.1 that `cargo xtask up` serves on
    #[arg(long, default_value_t = 3000)]
    port: u16,
}

/// Prints events until the program is interrupted, which is how it is meant to end.
pub(crate) fn run(options: &Options) -> Result<()> {
    interrupt::sigint_succeeds();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(print_events(&find_url(options.port)?, options.port))
}

/// `AMQP_URL`, else the broker of the service on `port`, else what `.env` says.
fn find_url(port: u16) -> Result<String> {
    if let Some(url) = amqp_url(&BTreeMap::new()) {
        return Ok(url);
    }
    match kept_amqp_url(port)? {
        Some(url) if url.is_empty() => bail!(
            "the service on port {port} was started without RabbitMQ (`--no-events`). Start \
             `cargo xtask up --port {port}` without that"
        ),
        Some(url) => Ok(url),
        None => amqp_url(&read_dotenv()?).with_context(|| {
            format!(
                "no service has run on port {port}. Start `cargo xtask up --port {port}`, or set \
                 AMQP_URL to amqp://user:password@host:port/%2f"
            )
        }),
    }
}

async fn print_events(url: &str, port: u16) -> Result<()> {
    let queue = format!("events-{}", random_secret()?);
    let mut deliveries = consume(url, &queue).await.with_context(|| {
        format!("can't consume events. Is `cargo xtask up --port {port}` running?")
    })?;
    say(&format!(
        "Waiting for events in the queue {queue}, which goes away with Ctrl-C."
    ));
    while let Some(delivery) = deliveries.next().await {
        let delivery = delivery.context("the broker ended the connection")?;
        if writeln!(io::stdout(), "{}", line(&delivery.data)).is_err() {
            // Whoever read them has seen enough.
            return Ok(());
        }
    }
    bail!("the broker ended the connection")
}

/// Consumes from `queue`, which goes away with us and is bound to everything.
async fn consume(url: &str, queue: &str) -> Result<Consumer> {
    let connection = Connection::connect(url, ConnectionProperties::default()).await?;
    let channel = connection.create_channel().await?;
    let declare = QueueDeclareOptions {
        exclusive: true,
        auto_delete: true,
        ..QueueDeclareOptions::default()
    };
    let none = FieldTable::default;
    channel.queue_declare(queue.into(), declare, none()).await?;
    channel
        .queue_bind(
            queue.into(),
            EXCHANGE.into(),
            EVERYTHING.into(),
            QueueBindOptions::default(),
            none(),
        )
        .await?;
    let options = BasicConsumeOptions {
        no_ack: true,
        ..BasicConsumeOptions::default()
    };
    let consumer = channel
        .basic_consume(queue.into(), "xtask".into(), options, none())
        .await?;
    Ok(consumer)
}

/// `body` as one JSON document on one line; what is no JSON becomes a text.
fn line(body: &[u8]) -> String {
    let document = serde_json::from_slice(body);
    document
        .unwrap_or_else(|_| Value::from(String::from_utf8_lossy(body)))
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_one_line() {
        assert_eq!(
            line(b"{\n  \"type\": \"user.registered\",\n  \"id\": 1\n}\n"),
            r#"{"type":"user.registered","id":1}"#
        );
        assert_eq!(line(b"no\njson"), r#""no\njson""#);
    }
}
