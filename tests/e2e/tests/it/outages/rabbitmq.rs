//! Without RabbitMQ every change is made and none is forgotten: what it tells arrives later.

use std::collections::BTreeSet;
use std::time::Duration;

use e2e::{Event, Service, TestUser, eventually};
use futures::StreamExt as _;
use futures::future::join_all;
use futures::stream;
use http::{Method, StatusCode};
use lapin::options::ExchangeDeleteOptions;
use lapin::{Connection, ConnectionProperties};
use serde_json::json;
use stack::Signal;
use tokio::time::{Instant, sleep_until};

use super::PREFERENCES;

/// How many changes are made while the broker is away.
const CHANGES: u32 = 1_000;
/// How many users make them.
const USERS: u32 = 10;

#[tokio::test]
async fn a_thousand_changes_during_a_minute_without_broker_all_arrive() {
    let service = Service::with_events(&[]);
    let events = service.events().await;
    let users = join_all((0..USERS).map(|_| service.registered_user())).await;
    for user in &users {
        events.of(&user.id, 1).await;
    }
    let broker = service.stack().rabbitmq().expect("a broker of its own");
    let back = Instant::now() + Duration::from_mins(1);
    broker.stop();

    stream::iter(1..=CHANGES / USERS)
        .for_each(async |limit| {
            let changes = users.iter().map(|user| change(user, limit));
            join_all(changes).await;
        })
        .await;
    assert_eq!(pending(&service).await, i64::from(CHANGES));
    // A minute without a broker is what is asked for.
    sleep_until(back).await;
    broker.start().expect("the broker starts again");

    drained(&service).await;
    for user in &users {
        let expected: Vec<_> = (1..=CHANGES / USERS).collect();
        let told = events.of(&user.id, expected.len() + 1).await;
        assert_eq!(limits(&told), expected, "in order, and each once");
    }
}

#[tokio::test]
async fn a_broker_that_is_killed_loses_nothing_that_was_written() {
    let service = Service::with_events(&[]);
    let events = service.events().await;
    let user = service.registered_user().await;
    let broker = service.stack().rabbitmq().expect("a broker of its own");

    for limit in 1..=20 {
        change(&user, limit).await;
        if limit == 10 {
            broker.signal(Signal::KILL).expect("the broker is killed");
        }
    }
    broker.start().expect("the broker starts again");

    drained(&service).await;
    assert_all_arrive(&events.of(&user.id, 21).await, 20);
}

#[tokio::test]
async fn a_frozen_broker_is_not_waited_for() {
    let service = Service::with_events(&[]);
    let events = service.events().await;
    let user = service.registered_user().await;
    events.of(&user.id, 1).await;
    let broker = service.stack().rabbitmq().expect("a broker of its own");
    broker.signal(Signal::STOP).expect("the broker is frozen");

    for limit in 1..=10 {
        change(&user, limit).await;
    }
    let drain = service.drain().await;
    assert_eq!(drain.status, StatusCode::OK, "{drain}");
    assert!(pending(&service).await >= 1);
    broker.signal(Signal::CONT).expect("the broker goes on");

    drained(&service).await;
    assert_all_arrive(&events.of(&user.id, 11).await, 10);
}

#[tokio::test]
async fn without_its_exchange_the_broker_never_answers_and_nothing_is_lost() {
    let service = Service::with_events(&[]);
    let events = service.events().await;
    let user = service.registered_user().await;
    events.of(&user.id, 1).await;
    let broker = service.stack().rabbitmq().expect("a broker of its own");
    delete_exchange(&broker.administrator_url()).await;

    for limit in 1..=5 {
        change(&user, limit).await;
    }
    let drain = service.drain().await;
    assert_eq!(drain.status, StatusCode::OK, "{drain}");
    assert_eq!(pending(&service).await, 5);
    // Its definitions bring the exchange back, but no queue that was bound to the old one.
    broker.stop();
    broker.start().expect("the broker starts again");
    let events = service.events().await;

    drained(&service).await;
    assert_all_arrive(&events.of(&user.id, 5).await, 5);
}

#[tokio::test]
async fn a_host_that_is_killed_in_mid_delivery_repeats_events_and_forgets_none() {
    let service = Service::with_events(&[]);
    let events = service.events().await;
    let user = service.registered_user().await;
    events.of(&user.id, 1).await;
    let broker = service.stack().rabbitmq().expect("a broker of its own");
    broker.stop();
    for limit in 1..=200 {
        change(&user, limit).await;
    }
    broker.start().expect("the broker starts again");
    let host = service.stack().host().expect("a host of its own");

    make_due(&service).await;
    let client = service.client();
    let secret = service.internal_secret().to_owned();
    // Its answer never comes.
    let drain = tokio::spawn(async move {
        let request = client.request(Method::POST, "/internal/outbox/drain");
        request.bearer(&secret).send().await
    });
    events.of(&user.id, 2).await;
    host.signal(Signal::KILL).expect("the host is killed");
    assert!(drain.await.is_err(), "it was in mid-delivery");
    assert!(pending(&service).await > 0, "it was in mid-delivery");
    host.start().expect("the host starts again");

    make_due(&service).await;
    drained(&service).await;
    let told = events.of(&user.id, 201).await;
    assert_all_arrive(&told, 200);
    let ids: BTreeSet<_> = told.iter().map(|event| event.body["id"].as_str()).collect();
    assert_eq!(ids.len(), 201, "whatever came twice has the same id");
}

async fn delete_exchange(administrator_url: &str) {
    let connection = Connection::connect(administrator_url, ConnectionProperties::default()).await;
    let connection = connection.expect("the broker answers its administrator");
    let channel = connection.create_channel().await.expect("a channel");
    let deleted = channel.exchange_delete("user.events".into(), ExchangeDeleteOptions::default());
    deleted.await.expect("the exchange goes");
}

/// Makes a change, as quickly as ever.
async fn change(user: &TestUser, limit: u32) {
    let answer = user
        .put(PREFERENCES, &json!({"frequency_limit": limit}))
        .await;
    assert_eq!(answer.status, StatusCode::OK, "{answer}");
}

/// Drains the outbox until nothing is left, whatever has to wait for its next try.
async fn drained(service: &Service) {
    eventually("the outbox is empty", async || {
        service.drain().await;
        pending(service).await == 0
    })
    .await;
}

/// As if the time were up of those who hold events, or of their next try.
async fn make_due(service: &Service) {
    let due = "update outbox_streams set next_attempt_at = now()";
    service.execute(due, &[]).await;
}

async fn pending(service: &Service) -> i64 {
    service.value("select count(*) from outbox", &[]).await
}

/// The limits that the preference events of one user tell, in the order of their arrival.
fn limits(events: &[Event]) -> Vec<u32> {
    let changes = events
        .iter()
        .filter(|event| event.routing_key == "user.preferences_updated");
    changes
        .filter_map(|event| {
            let limit = event.body["data"]["preferences"]["frequency_limit"].as_u64()?;
            u32::try_from(limit).ok()
        })
        .collect()
}

/// Each of `count` changes has arrived once or more often.
fn assert_all_arrive(events: &[Event], count: u32) {
    let limits: BTreeSet<u32> = limits(events).into_iter().collect();
    assert_eq!(limits, (1..=count).collect());
}
