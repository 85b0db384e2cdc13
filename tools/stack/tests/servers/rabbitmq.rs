//! A private RabbitMQ: what `deploy/rabbitmq` makes of it, and that it goes and comes back.

use std::path::Path;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use lapin::options::{
    BasicGetOptions, BasicPublishOptions, ConfirmSelectOptions, QueueBindOptions,
    QueueDeclareOptions,
};
use lapin::types::FieldTable;
use lapin::{BasicProperties, Channel, Connection, ConnectionProperties};
use rumqttc::{AsyncClient, Event, MqttOptions, Packet, QoS};
use stack::{RabbitMq, Signal, Source, Stack, StackBuilder};
use tokio::time::timeout;
use url::Url;

use super::runtime;

const EXCHANGE: &str = "user.events";
const UNROUTED: &str = "user.events.unrouted";

#[test]
fn an_event_reaches_every_queue_that_is_bound_and_is_kept_if_there_is_none() {
    let stack = with_rabbitmq().start().unwrap();
    let server = stack.rabbitmq().unwrap();
    run(async {
        publish(server, "user/registered", "nobody's").await?;

        let reader = channel(&server.amqp_url()).await?;
        declare(&reader, "events-mine", "user.#").await?;
        publish(server, "user/token_registered", "mine").await?;
        let message = take(&reader, "events-mine").await?;
        assert_eq!(
            message,
            ("user.token_registered".to_owned(), "mine".to_owned())
        );

        let administrator = channel(&server.administrator_url()).await?;
        let message = take(&administrator, UNROUTED).await?;
        assert_eq!(
            message,
            ("user.registered".to_owned(), "nobody's".to_owned())
        );
        Ok(())
    });
}

#[test]
fn the_publisher_publishes_events_and_the_reader_reads_them_and_neither_does_more() {
    let stack = with_rabbitmq().start().unwrap();
    let server = stack.rabbitmq().unwrap();
    run(async {
        for topic in [
            "orders/created",
            "user/registered/twice",
            "user",
            "amq/topic",
        ] {
            assert!(publish(server, topic, "x").await.is_err(), "{topic}");
        }
        publish(server, "user/password_changed", "x").await?;

        let publisher = server.mqtt_url().replace("mqtt://", "amqp://").replace(
            &server.mqtt_port().to_string(),
            &format!("{}/%2f", server.amqp_port()),
        );
        for url in [publisher, server.amqp_url()] {
            let refused = declare(&channel(&url).await?, "elsewhere", "#").await;
            assert!(refused.is_err(), "declares a queue");
            let refused = take(&channel(&url).await?, UNROUTED).await;
            assert!(refused.is_err(), "reads what nobody was there for");
        }
        let reader = channel(&server.amqp_url()).await?;
        reader
            .confirm_select(ConfirmSelectOptions::default())
            .await?;
        let options = BasicPublishOptions::default();
        let properties = BasicProperties::default();
        let confirmation = reader
            .basic_publish(
                EXCHANGE.into(),
                "user.registered".into(),
                options,
                b"x",
                properties,
            )
            .await?;
        assert!(confirmation.await.is_err(), "the reader publishes");
        Ok(())
    });
}

#[test]
fn a_durable_queue_survives_a_kill_and_a_stop_and_nothing_survives_the_stack() {
    let stack = with_rabbitmq().start().unwrap();
    let server = stack.rabbitmq().unwrap();
    run(async {
        let reader = channel(&server.amqp_url()).await?;
        declare(&reader, "events-kept", "#").await?;
        for body in ["first", "second"] {
            publish(server, "user/registered", body).await?;
        }
        Ok(())
    });

    let first = server.pid().unwrap();
    server.signal(Signal::KILL).unwrap();
    server.start().unwrap();
    assert_ne!(server.pid().unwrap(), first);
    run(async {
        let reader = channel(&server.amqp_url()).await?;
        assert_eq!(take(&reader, "events-kept").await?.1, "first");
        Ok(())
    });

    server.stop();
    assert!(server.pid().is_err());
    server.start().unwrap();
    run(async {
        let reader = channel(&server.amqp_url()).await?;
        assert_eq!(take(&reader, "events-kept").await?.1, "second");
        Ok(())
    });

    // A frozen broker is stopped all the same, and so is what it needs besides.
    server.signal(Signal::STOP).unwrap();
    let folder = stack.folder().to_owned();
    assert!(!processes_in(&folder).is_empty());
    drop(stack);
    // Its helpers see that it has ended, and end.
    for _ in 0..100 {
        if processes_in(&folder).is_empty() {
            break;
        }
        thread::sleep(Duration::from_millis(100));
    }
    assert_eq!(processes_in(&folder), Vec::<String>::new());
}

#[test]
fn a_broker_is_there_at_the_next_run_and_empty_if_that_is_to_be_fresh() {
    // No stack takes this port by itself.
    let next_run = || with_rabbitmq().port(3_877);
    let stack = next_run().start().unwrap();
    let server = stack.rabbitmq().unwrap();
    let password = server.mqtt_url();
    run(async {
        declare(&channel(&server.amqp_url()).await?, "events-kept", "#").await?;
        publish(server, "user/registered", "kept").await
    });
    drop(stack);

    let stack = next_run().start().unwrap();
    let server = stack.rabbitmq().unwrap();
    assert_ne!(server.mqtt_url(), password);
    run(async {
        let reader = channel(&server.amqp_url()).await?;
        assert_eq!(take(&reader, "events-kept").await?.1, "kept");
        Ok(())
    });
    drop(stack);

    let stack = next_run().fresh().start().unwrap();
    let server = stack.rabbitmq().unwrap();
    run(async {
        let reader = channel(&server.amqp_url()).await?;
        let gone = take(&reader, "events-kept").await.unwrap_err();
        assert!(gone.to_string().contains("NOT_FOUND"), "{gone}");
        Ok(())
    });
    let folder = stack.folder().to_owned();
    drop(stack);
    std::fs::remove_dir_all(folder).unwrap();
}

fn with_rabbitmq() -> StackBuilder<'static> {
    Stack::builder()
        .redis(Source::Existing(String::new()))
        .rabbitmq(Source::Private)
}

/// Runs a part of a test: nothing in it takes longer than this.
fn run(part: impl Future<Output = Result<()>>) {
    let part = async { timeout(Duration::from_secs(30), part).await };
    let outcome = runtime().expect("a runtime").block_on(part);
    outcome.expect("in time").expect("no failure");
}

/// Publishes as the service does, and waits for the acknowledgement.
async fn publish(server: &RabbitMq, topic: &str, body: &str) -> Result<()> {
    let url = Url::parse(&server.mqtt_url())?;
    let host = url.host_str().context("a host")?;
    let mut options = MqttOptions::new("test", host, server.mqtt_port());
    options.set_credentials(url.username(), url.password().unwrap_or_default());
    let (client, mut connection) = AsyncClient::new(options, 10);
    client.publish(topic, QoS::AtLeastOnce, false, body).await?;
    loop {
        match timeout(Duration::from_secs(10), connection.poll()).await?? {
            Event::Incoming(Packet::PubAck(_)) => return Ok(()),
            Event::Incoming(Packet::Disconnect) => bail!("disconnected"),
            _ => {}
        }
    }
}

async fn channel(url: &str) -> Result<Channel> {
    let connection = Connection::connect(url, ConnectionProperties::default()).await?;
    Ok(connection.create_channel().await?)
}

/// Makes a durable queue, bound with `key`.
async fn declare(channel: &Channel, queue: &str, key: &str) -> Result<()> {
    let arguments = FieldTable::default;
    channel
        .queue_declare(queue.into(), QueueDeclareOptions::durable(), arguments())
        .await?;
    let options = QueueBindOptions::default();
    channel
        .queue_bind(
            queue.into(),
            EXCHANGE.into(),
            key.into(),
            options,
            arguments(),
        )
        .await?;
    Ok(())
}

/// Takes the first message out of `queue`: its routing key and body.
async fn take(channel: &Channel, queue: &str) -> Result<(String, String)> {
    let options = BasicGetOptions { no_ack: true };
    let message = channel.basic_get(queue.into(), options).await?;
    let delivery = message.context("the queue is empty")?.delivery;
    let body = String::from_utf8(delivery.data)?;
    Ok((delivery.routing_key.to_string(), body))
}

/// What runs in `folder` or names it on its command line.
fn processes_in(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir("/proc").expect("Linux").flatten();
    entries
        .filter_map(|process| {
            let command = std::fs::read(process.path().join("cmdline")).ok()?;
            let command = String::from_utf8_lossy(&command).replace('\0', " ");
            let place = std::fs::read_link(process.path().join("cwd")).unwrap_or_default();
            let inside = place.starts_with(folder) || command.contains(&*folder.to_string_lossy());
            (inside && !command.is_empty()).then_some(command)
        })
        .collect()
}
