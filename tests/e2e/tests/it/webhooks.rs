//! Events as webhooks, for hosts without MQTT: signed requests, and the same guarantees.

mod receiver;

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use e2e::{Service, TestUser, eventually, random_hex};
use futures::future::join_all;
use http::{Method, StatusCode};
use serde_json::{Value, json};
use stack::Signal;
use uuid::Uuid;

use receiver::{Receiver, Reply, secret};

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
    let event = request.event();
    assert_eq!(event["type"], "user.registered");
    assert_eq!(event["subject"], user.id.to_string());
    assert_eq!(event["id"], request.header("webhook-id"));
    request.assert_signed();
    eventually("nothing is left", async || pending(&service).await == 0).await;
}

#[tokio::test]
async fn a_webhook_goes_on_with_the_trace_of_its_event() {
    let receiver = Receiver::new(&[]).await;
    let service = receiver.service();
    let user = service.registered_user().await;
    let trace_id = random_hex(32);
    let change = user
        .request(Method::PATCH, PREFERENCES)
        .header("traceparent", format!("00-{trace_id}-b7ad6b7169203331-01"));
    let answer = change.json(&json!({"frequency_limit": 3})).send().await;
    assert_eq!(answer.status, StatusCode::OK, "{answer}");

    drained(&service).await;

    let [untraced, traced] = &receiver.received()[..] else {
        panic!("two requests");
    };
    assert_eq!(untraced.header("traceparent"), "");
    let parent = traced.header("traceparent");
    assert!(parent.starts_with(&format!("00-{trace_id}-")), "{parent}");
    assert_eq!(traced.event()["traceparent"], parent);
    traced.assert_signed();
}

#[tokio::test]
async fn what_a_receiver_does_not_take_is_sent_again_by_the_same_id() {
    let receiver = Receiver::new(&[500, 503]).await;
    let service = receiver.service();
    let user = service.registered_user().await;
    eventually("a try", async || receiver.received().len() == 1).await;
    let change = user.put(PREFERENCES, &json!({"frequency_limit": 3})).await;
    assert_eq!(change.status, StatusCode::OK, "{change}");

    drained(&service).await;

    let events: Vec<(String, Value)> = receiver
        .received()
        .iter()
        .map(|request| {
            request.assert_signed();
            let id = request.header("webhook-id").to_owned();
            (id, request.event()["type"].clone())
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
        service.drain().await;
        let dead = "select count(*) from outbox where dead_at is not null";
        service.value::<i64>(dead, &[]).await == 1
    })
    .await;

    assert_eq!(receiver.received().len(), 2);
    let error: String = service.value("select last_error from outbox", &[]).await;
    assert_eq!(error, "status 400");
}

/// Lets no event wait for its next attempt.
const DUE: &str = "update outbox_streams set next_attempt_at = now()";

#[tokio::test]
async fn a_user_whose_event_is_never_answered_well_keeps_nobody_back() {
    let is_open = Arc::new(AtomicBool::new(true));
    let stuck: Arc<OnceLock<Uuid>> = Arc::default();
    let (opened, of_whom) = (Arc::clone(&is_open), Arc::clone(&stuck));
    let receiver = Receiver::replying(move |request| {
        let is_stuck = of_whom.get().is_some_and(|user| request.is_of(user));
        let is_taken = opened.load(Ordering::Relaxed) && !is_stuck;
        Reply::status(if is_taken { 204 } else { 503 })
    })
    .await;
    let service = receiver.service();
    let users = join_all((0..3).map(|_| service.registered_user())).await;
    drained(&service).await;
    stuck.set(users[0].id).expect("set once");

    // Only when others get through after it, it is the event's own fault.
    eventually("a dead letter", async || {
        is_open.store(false, Ordering::Relaxed);
        join_all(users.iter().map(change)).await;
        is_open.store(true, Ordering::Relaxed);
        service.execute(DUE, &[]).await;
        service.drain().await;
        let dead = "select count(*) from outbox where dead_at is not null";
        service.value::<i64>(dead, &[]).await > 0
    })
    .await;

    let whose: Uuid = service
        .value(
            "select user_id from outbox where dead_at is not null limit 1",
            &[],
        )
        .await;
    assert_eq!(whose, users[0].id);
    eventually("the others' events arrive", async || {
        service.execute(DUE, &[]).await;
        service.drain().await;
        let others = "select count(*) from outbox where user_id <> $1";
        service.value::<i64>(others, &[&users[0].id]).await == 0
    })
    .await;
}

#[tokio::test]
async fn a_destination_that_is_away_keeps_nothing_from_the_other() {
    let receiver = Receiver::new(&[]).await;
    let variables = receiver.variables();
    let variables: Vec<_> = variables
        .iter()
        .map(|(name, value)| (*name, &**value))
        .collect();
    let service = Service::with_events(&variables);
    let broker = service.stack().rabbitmq().expect("a broker of its own");
    broker.signal(Signal::STOP).expect("the broker is frozen");

    let user = service.registered_user().await;
    change(&user).await;

    eventually("both events arrive", async || {
        receiver.received().len() == 2
    })
    .await;
    let to_rabbitmq = "select count(*) from outbox where destination = 'rabbitmq'";
    assert_eq!(service.value::<i64>(to_rabbitmq, &[]).await, 2);
    broker.signal(Signal::CONT).expect("the broker goes on");
    drained(&service).await;
}

#[tokio::test]
async fn a_slow_receiver_gets_each_event_once_however_many_drain() {
    let receiver = Receiver::replying(|_| Reply {
        status: 204,
        after: Duration::from_millis(300),
    })
    .await;
    let service = receiver.service();
    let users = join_all((0..6).map(|_| service.registered_user())).await;
    for user in &users {
        for _ in 0..15 {
            change(user).await;
        }
    }

    // Three at once take more than the longest batch.
    let begun = Instant::now();
    while pending(&service).await > 0 {
        let drains = join_all((0..3).map(|_| service.drain())).await;
        assert!(drains.iter().all(|drain| drain.status == StatusCode::OK));
        assert!(begun.elapsed() < Duration::from_mins(2), "it ends");
    }

    let requests = receiver.received();
    let ids: HashSet<&str> = requests
        .iter()
        .map(|request| request.header("webhook-id"))
        .collect();
    assert_eq!(ids.len(), 6 * 16);
    assert_eq!(requests.len(), ids.len(), "each once");
    for user in &users {
        let sequences: Vec<Value> = requests
            .iter()
            .filter(|request| request.is_of(&user.id))
            .map(|request| request.event()["sequence"].clone())
            .collect();
        assert!(
            sequences.is_sorted_by_key(|sequence| sequence.as_str().map(str::to_owned)),
            "in order"
        );
    }
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

#[tokio::test]
async fn the_host_connects_to_no_blocked_network_whatever_the_settings_allow() {
    let service = Service::on_own_servers(&[
        ("webhook_url", "http://169.254.169.254/latest/meta-data"),
        ("webhook_secret", &secret()),
        ("webhook_allow_private", "true"),
    ]);
    service.registered_user().await;

    let error = "select last_error from outbox";
    eventually("a try", async || {
        let error: Option<String> = service.value(error, &[]).await;
        error.is_some()
    })
    .await;

    let error: String = service.value(error, &[]).await;
    assert!(error.contains("DestinationIpProhibited"), "{error}");
}

async fn pending(service: &Service) -> i64 {
    service.value("select count(*) from outbox", &[]).await
}

/// Makes a change that has an event.
async fn change(user: &TestUser) {
    static LIMIT: AtomicU32 = AtomicU32::new(1);
    let limit = LIMIT.fetch_add(1, Ordering::Relaxed);
    let answer = user
        .put(PREFERENCES, &json!({"frequency_limit": limit}))
        .await;
    assert_eq!(answer.status, StatusCode::OK, "{answer}");
}

/// Drains the outbox until nothing is left, whatever has to wait for its next try.
async fn drained(service: &Service) {
    eventually("nothing is left", async || {
        service.drain().await;
        pending(service).await == 0
    })
    .await;
}
