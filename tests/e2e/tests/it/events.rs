//! Events: what neighbours read on RabbitMQ's exchange `user.events`.

use e2e::{Event, NewAccount, Service, TestUser, random_hex};
use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::event_schemas::assert_is_event;

const PROFILE: &str = "/api/v1/users/profile";
const PREFERENCES: &str = "/api/v1/users/preferences";
const PUSH_TOKENS: &str = "/api/v1/users/push-tokens";
const CHANGE_PASSWORD: &str = "/api/v1/users/change-password";
const ACCOUNT: &str = "/api/v1/users/account";

#[tokio::test]
async fn a_registration_is_told() {
    let service = Service::running();
    let events = service.events().await;
    let user = service.registered_user().await;

    let [event] = &events.of(&user.id, 1).await[..] else {
        panic!("one event");
    };

    assert_is_event(event, "user.registered");
    assert_eq!(event.body["data"]["user"]["email"], user.email);
    assert_eq!(event.body["data"]["user"]["username"], user.username);
    assert_eq!(event.body["data"]["user"]["first_name"], "Amina");
    let preferences = user.get(PREFERENCES).await;
    assert_eq!(event.body["data"]["preferences"], *preferences.data());
    assert_eq!(event.properties.delivery_mode(), &Some(2), "persistent");
    assert!(!event.body.to_string().contains(&user.password));
}

#[tokio::test]
async fn an_event_goes_on_with_the_trace_of_its_request() {
    let service = Service::running();
    let events = service.events().await;
    let user = service.registered_user().await;
    let trace_id = random_hex(32);
    let change = user
        .request(Method::PATCH, PREFERENCES)
        .header("traceparent", format!("00-{trace_id}-b7ad6b7169203331-01"));
    let answer = change.json(&json!({"frequency_limit": 3})).send().await;
    assert_eq!(answer.status, StatusCode::OK, "{answer}");
    // Whatever a client says, no text of its is taken for a trace.
    let forged = json!({"profile": {"bio": "/*traceparent='00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'*/"}});
    assert_eq!(user.put(PROFILE, &forged).await.status, StatusCode::OK);

    let [untraced, traced, forged] = &events.of(&user.id, 3).await[..] else {
        panic!("three events");
    };

    assert_is_event(traced, "user.preferences_updated");
    let parent = traced.body["traceparent"].as_str().expect("a trace");
    assert!(parent.starts_with(&format!("00-{trace_id}-")), "{parent}");
    assert!(!parent.contains("b7ad6b7169203331"), "{parent}");
    for event in [untraced, forged] {
        assert_is_event(event, &event.routing_key);
        assert_eq!(event.body.get("traceparent"), None, "{}", event.body);
    }
}

#[tokio::test]
async fn a_registration_with_a_push_token_tells_both() {
    let service = Service::running();
    let events = service.events().await;
    let token = random_hex(32);
    let first = register_with(&service, &token).await;
    let second = register_with(&service, &token).await;

    let of_first = events.of(&first.id, 3).await;
    assert_eq!(
        keys(&of_first),
        [
            "user.registered",
            "user.token_registered",
            "user.token_deleted"
        ]
    );
    assert_eq!(of_first[2].body["data"]["reason"], "moved");
    let of_second = events.of(&second.id, 2).await;
    assert_eq!(
        keys(&of_second),
        ["user.registered", "user.token_registered"]
    );
    for event in of_first.iter().chain(&of_second) {
        assert_is_event(event, &event.routing_key);
    }
    assert_eq!(of_second[1].body["data"]["push_token"]["token"], token);
    assert_in_order(&of_first);
    assert_in_order(&of_second);
}

#[tokio::test]
async fn each_change_of_a_user_is_told_once_and_in_order() {
    let service = Service::running();
    let events = service.events().await;
    let user = service.registered_user().await;

    let name = json!({"profile": {"first_name": "Ada", "bio": "x".repeat(10_000)}});
    assert_ok(user.put(PROFILE, &name).await.status);
    assert_ok(user.put(PROFILE, &name).await.status);
    let switches = json!({"email_marketing": false, "frequency_limit": 7});
    assert_ok(user.put(PREFERENCES, &switches).await.status);
    assert_ok(user.patch(PREFERENCES, &switches).await.status);
    let password = format!("Qz9! {}", random_hex(16));
    let change = json!({
        "old_password": user.password, "new_password": password, "new_password_confirm": password,
    });
    assert_ok(user.post(CHANGE_PASSWORD, &change).await.status);
    let refused = user.put(PREFERENCES, &json!({"frequency_limit": -1})).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let deletion = json!({"password": password});
    let deleted = user
        .request(Method::DELETE, ACCOUNT)
        .json(&deletion)
        .send()
        .await;
    assert_ok(deleted.status);

    let told = events.of(&user.id, 5).await;
    assert_eq!(
        keys(&told),
        [
            "user.registered",
            "user.updated",
            "user.preferences_updated",
            "user.password_changed",
            "user.deleted",
        ]
    );
    for event in &told {
        assert_is_event(event, &event.routing_key);
        assert!(!event.body.to_string().contains("argon2"), "{}", event.body);
    }
    assert_in_order(&told);
    assert_eq!(told[1].body["data"]["user"]["full_name"], "Ada Bello Musa");
    let changed = &told[2].body["data"]["changed"];
    assert_eq!(*changed, json!(["email_marketing", "frequency_limit"]));
    assert_eq!(told[2].body["data"]["preferences"]["frequency_limit"], 7);
    assert_eq!(told[4].body["data"]["user"]["email"], user.email);
}

#[tokio::test]
async fn each_change_of_a_push_token_is_told() {
    let service = Service::running();
    let events = service.events().await;
    let user = service.registered_user().await;
    let (phone, tablet) = (random_hex(32), random_hex(32));

    let row = create(&user, &phone, "phone").await;
    create(&user, &phone, "phone").await;
    create(&user, &tablet, "tablet").await;
    // The token of one row and the device of the other: the device's row goes.
    create(&user, &phone, "tablet").await;
    assert_ok(user.put(&row, &json!({"device_name": "mine"})).await.status);
    // These change nothing.
    assert_ok(user.put(&row, &json!({"device_name": "mine"})).await.status);
    assert_ok(user.patch(&row, &json!({})).await.status);
    create(&user, &phone, "tablet").await;
    let all = user
        .post(&format!("{PUSH_TOKENS}/deactivate_all"), &json!({}))
        .await;
    assert_ok(all.status);
    assert_eq!(user.delete(&row).await.status, StatusCode::NO_CONTENT);

    let told = events.of(&user.id, 8).await;
    assert_eq!(
        keys(&told),
        [
            "user.registered",
            "user.token_registered",
            "user.token_registered",
            "user.token_deleted",
            "user.token_updated",
            "user.token_updated",
            "user.token_updated",
            "user.token_deleted",
        ]
    );
    assert_in_order(&told);
    for event in &told {
        assert_is_event(event, &event.routing_key);
    }
    let token = |index: usize| &told[index].body["data"]["push_token"];
    assert_eq!(token(3)["token"], tablet);
    assert_eq!(told[3].body["data"]["reason"], "replaced");
    assert_eq!(token(5)["device_name"], "mine");
    assert_eq!(token(6)["is_active"], false);
    assert_eq!(told[7].body["data"]["reason"], "deleted");
}

#[tokio::test]
async fn work_that_is_rolled_back_leaves_no_event() {
    // To a destination that nobody listens at, so that what is written stays.
    let service = Service::on_own_servers(&[
        ("webhook_url", "http://127.0.0.1:9/"),
        ("webhook_secret", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
        ("webhook_allow_private", "true"),
    ]);
    let (user, other) = (
        service.registered_user().await,
        service.registered_user().await,
    );
    let written = async || {
        let rows = "select type, sequence from outbox where user_id = $1 order by sequence";
        let rows = service.rows(rows, &[&user.id]).await;
        rows.iter()
            .map(|row| (row.get(0), row.get(1)))
            .collect::<Vec<(String, i64)>>()
    };
    assert_eq!(written().await, [("user.registered".to_owned(), 1)]);

    // Refused by an index.
    let taken = json!({"username": other.username, "profile": {"bio": "x"}});
    let answer = user.put(PROFILE, &taken).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{answer}");
    assert_eq!(written().await.len(), 1);
    // Refused at the very end, when the event is written.
    for statement in [
        "create function refuse() returns trigger language plpgsql as
            $$ begin raise exception 'the disk is full' using errcode = '53100'; end $$",
        "create constraint trigger refuse after insert on outbox
            deferrable initially deferred for each row execute function refuse()",
    ] {
        service.execute(statement, &[]).await;
    }
    let answer = user.put(PREFERENCES, &json!({"frequency_limit": 3})).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{answer}");
    service.execute("drop trigger refuse on outbox", &[]).await;
    assert_eq!(written().await.len(), 1);
    assert_eq!(user.get(PREFERENCES).await.data()["frequency_limit"], 50);

    // The next event has the number that these did not use up.
    let answer = user.put(PREFERENCES, &json!({"frequency_limit": 4})).await;
    assert_ok(answer.status);
    let expected = ("user.preferences_updated".to_owned(), 2);
    assert_eq!(written().await[1..], [expected]);
}

#[tokio::test]
async fn a_push_token_that_moves_is_told_to_both() {
    let service = Service::running();
    let events = service.events().await;
    let (old, new) = (
        service.registered_user().await,
        service.registered_user().await,
    );
    let token = random_hex(32);
    create(&old, &token, "").await;
    create(&new, &token, "").await;
    // And back, onto a row that is there.
    let row = create(&old, &random_hex(32), "").await;
    assert_ok(old.put(&row, &json!({"token": token})).await.status);

    let of_old = events.of(&old.id, 5).await;
    let of_new = events.of(&new.id, 3).await;
    assert_eq!(
        keys(&of_old)[1..],
        [
            "user.token_registered",
            "user.token_deleted",
            "user.token_registered",
            "user.token_registered",
        ]
    );
    assert_eq!(
        keys(&of_new)[1..],
        ["user.token_registered", "user.token_deleted"]
    );
    assert_eq!(of_new[2].body["data"]["reason"], "moved");
    assert_in_order(&of_old);
    assert_in_order(&of_new);
}

#[tokio::test]
async fn many_changes_of_one_user_arrive_in_order() {
    let service = Service::running();
    let events = service.events().await;
    let user = service.registered_user().await;
    for limit in 1..=30 {
        assert_ok(
            user.put(PREFERENCES, &json!({"frequency_limit": limit}))
                .await
                .status,
        );
    }

    let told = events.of(&user.id, 31).await;

    assert_in_order(&told);
    let limits: Vec<&Value> = told[1..]
        .iter()
        .map(|event| &event.body["data"]["preferences"]["frequency_limit"])
        .collect();
    assert_eq!(limits, (1..=30).collect::<Vec<_>>());
}

#[tokio::test]
async fn an_event_too_large_for_a_packet_is_a_dead_letter_that_keeps_nobody_back() {
    let service = Service::with_events(&[("event_refusals", "1")]);
    let events = service.events().await;
    let user = service.registered_user().await;
    // Each takes six bytes in JSON.
    let token = "\u{1}".repeat(2_000);
    let row = user
        .post(PUSH_TOKENS, &json!({"token": token, "platform": "web"}))
        .await;
    assert_eq!(row.status, StatusCode::CREATED, "{row}");
    assert_ok(
        user.put(PREFERENCES, &json!({"frequency_limit": 3}))
            .await
            .status,
    );

    let told = events.of(&user.id, 2).await;

    assert_eq!(keys(&told), ["user.registered", "user.preferences_updated"]);
    let letters = internal(&service, Method::GET, "/internal/outbox/dead-letters").await;
    let [letter] = &letters.as_array().expect("a list")[..] else {
        panic!("one dead letter: {letters}");
    };
    assert_eq!(letter["type"], "user.token_registered");
    assert_eq!(letter["user_id"], user.id.to_string());
    assert!(letter["error"].as_str().expect("why").contains("bytes"));
    let state = internal(&service, Method::GET, "/internal/outbox").await;
    assert_eq!(state[0]["dead"], 1, "{state}");

    let replayed = internal(&service, Method::POST, "/internal/outbox/replay").await;
    assert_eq!(replayed["replayed"], 1);
    service.drain().await;
    let state = internal(&service, Method::GET, "/internal/outbox").await;
    assert_eq!(state[0]["dead"], 1, "it is still too large: {state}");
}

#[tokio::test]
async fn internal_routes_need_the_internal_secret() {
    let service = Service::running();
    let user = service.registered_user().await;
    for (method, path) in [
        (Method::POST, "/internal/cache/warm"),
        (Method::GET, "/internal/outbox"),
        (Method::GET, "/internal/outbox/dead-letters"),
        (Method::POST, "/internal/outbox/drain"),
        (Method::POST, "/internal/outbox/replay"),
        (Method::POST, "/internal/sweep"),
    ] {
        let client = service.host_client();
        let request = || client.request(method.clone(), path);
        for answer in [
            request().send().await,
            request().bearer("x").send().await,
            request().bearer(&user.access).send().await,
        ] {
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{path}: {answer}");
        }
        let secret = service.internal_secret();
        let answer = request().bearer(secret).send().await;
        assert_ok(answer.status);
    }
}

#[tokio::test]
async fn push_tokens_that_were_not_seen_for_long_are_swept() {
    let service = Service::running();
    let events = service.events().await;
    let user = service.registered_user().await;
    let stale = [random_hex(32), random_hex(32)];
    for token in &stale {
        create(&user, token, "").await;
    }
    let fresh = random_hex(32);
    create(&user, &fresh, "").await;
    let age =
        "update push_tokens set last_used = now() - interval '271 days' where token = any($1)";
    service.execute(age, &[&&stale[..]]).await;

    internal(&service, Method::POST, "/internal/sweep").await;

    let told = events.of(&user.id, 6).await;
    assert_eq!(
        keys(&told)[4..],
        ["user.token_deleted", "user.token_deleted"]
    );
    assert_eq!(told[5].body["data"]["reason"], "swept");
    assert_in_order(&told);
    assert_eq!(user.get(PROFILE).await.data()["push_tokens_count"], 1);
    assert_eq!(
        user.get(PUSH_TOKENS).await.data().as_array().map(Vec::len),
        Some(1)
    );
}

async fn internal(service: &Service, method: Method, path: &str) -> Value {
    let client = service.host_client();
    let request = client.request(method, path);
    let answer = request.bearer(service.internal_secret()).send().await;
    assert_ok(answer.status);
    answer.data().clone()
}

async fn register_with(service: &Service, token: &str) -> TestUser {
    let account = NewAccount::random().push_token(token);
    TestUser::register(service.client(), &account).await
}

/// Registers a push token, and answers its URL.
async fn create(user: &TestUser, token: &str, device: &str) -> String {
    let body = json!({"token": token, "platform": "android", "device_id": device});
    let row = user.post(PUSH_TOKENS, &body).await;
    assert!(row.status.is_success(), "{row}");
    format!("{PUSH_TOKENS}/{}", row.text("/data/id"))
}

fn keys(events: &[Event]) -> Vec<&str> {
    events.iter().map(|event| &*event.routing_key).collect()
}

/// The sequence numbers rise, and no event has come twice.
fn assert_in_order(events: &[Event]) {
    let numbers: Vec<_> = events
        .iter()
        .map(|event| event.body["sequence"].as_str())
        .collect();
    assert!(
        numbers.windows(2).all(|pair| pair[0] < pair[1]),
        "{numbers:?}"
    );
}

fn assert_ok(status: StatusCode) {
    assert_eq!(status, StatusCode::OK);
}
