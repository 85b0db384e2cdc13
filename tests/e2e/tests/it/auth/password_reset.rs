//! `/api/v1/auth/password-reset`: a new password for who has lost his.

use e2e::{Answer, Client, Events, Message, NewAccount, Service, TestUser, eventually, random_hex};
use futures::future::join_all;
use http::StatusCode;
use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::event_schemas::assert_is_event;

const REQUEST: &str = "/api/v1/auth/password-reset";
const CONFIRM: &str = "/api/v1/auth/password-reset/confirm";
const NEW: &str = "Nx7! another one";

#[tokio::test]
async fn a_token_sets_a_new_password_and_ends_all_sessions() {
    let service = Service::running();
    let (events, user) = user_of(&service).await;
    let other = user.another_session().await;
    let message = message(&service, &events, &user, 2).await;

    let answer = by_token(&service.client(), &message.token, NEW).await;

    assert_snapshot!(answer.status, @"200 OK");
    assert_eq!(*answer.data(), Value::Null);
    assert!(!user.has_access().await && !other.has_access().await);
    assert_eq!(other.try_refresh().await.status, StatusCode::UNAUTHORIZED);
    assert_snapshot!(user.try_login(&user.password).await.status, @"422 Unprocessable Entity");
    let login = user.try_login(NEW).await;
    assert_snapshot!(login.status, @"200 OK");
    assert_eq!(login.data()["is_verified"], true, "he has read his mail");
    let told = events.of(&user.id, 3).await;
    assert_is_event(&told[1], "user.password_reset_requested");
    assert_is_event(&told[2], "user.password_changed");
}

#[tokio::test]
async fn every_address_is_answered_the_same() {
    let service = Service::running();
    let (_, user) = user_of(&service).await;
    let closed = service.registered_user().await;
    let close = "update users set is_active = false where id = $1";
    service.execute(close, &[&closed.id]).await;
    let nobody = format!("nobody{}@example.com", random_hex(16));

    let mut answers = Vec::new();
    for email in [&user.email, &closed.email, &nobody] {
        let answer = service
            .client()
            .post(REQUEST, &json!({"email": email}))
            .await;
        assert_eq!(answer.status, StatusCode::ACCEPTED, "{answer}");
        let mut names: Vec<_> = answer.headers.keys().map(ToString::to_string).collect();
        names.sort();
        answers.push((answer.body.clone(), names));
        let row = "select subject_id is not null from audit_log
             where request_id = $1 and action = 'authn_password_reset_requested'";
        let id = answer.header("x-request-id").to_owned();
        eventually("it is written down", async || {
            !service.rows(row, &[&id]).await.is_empty()
        })
        .await;
        let is_known: bool = service.value(row, &[&id]).await;
        assert_eq!(is_known, *email == user.email);
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]));
    let tokens = "select count(*) from account_tokens where user_id = any($1)";
    let issued: i64 = service.value(tokens, &[&vec![user.id, closed.id]]).await;
    assert_eq!(issued, 1);
}

#[tokio::test]
async fn a_token_is_good_once_however_many_try_at_once() {
    let service = Service::running();
    let (events, user) = user_of(&service).await;
    let message = message(&service, &events, &user, 2).await;

    let passwords: Vec<String> = (0..8).map(|n| format!("{NEW} {n}")).collect();
    let client = service.client();
    let tries = passwords
        .iter()
        .map(|password| by_token(&client, &message.token, password));
    let answers = join_all(tries).await;

    let won: Vec<_> = answers
        .iter()
        .zip(&passwords)
        .filter(|(answer, _)| answer.status == StatusCode::OK)
        .collect();
    let [(_, password)] = won[..] else {
        panic!("one wins, not {}", won.len())
    };
    for answer in &answers {
        if answer.status != StatusCode::OK {
            assert_refused(answer, "token");
        }
    }
    assert_eq!(user.try_login(password).await.status, StatusCode::OK);
    events.of(&user.id, 3).await;
}

#[tokio::test]
async fn what_is_no_live_token_is_refused() {
    let service = Service::running();
    let (events, user) = user_of(&service).await;
    let first = message(&service, &events, &user, 2).await;
    let second = message(&service, &events, &user, 3).await;
    user.ask_for(&service.client(), "verification").await;
    let verification = Message::of(&events, &user, 4, "user.verification_requested").await;
    let before = service.stored(user.id).await;

    for token in [
        first.token,
        verification.token,
        random_hex(32),
        second.token.to_uppercase(),
        user.access.chars().take(200).collect(),
    ] {
        assert_refused(&by_token(&service.client(), &token, NEW).await, "token");
    }
    let expire = "update account_tokens set expires_at = now() where user_id = $1";
    service.execute(expire, &[&user.id]).await;
    let expired = by_token(&service.client(), &second.token, NEW).await;
    assert_refused(&expired, "token");
    assert_eq!(service.stored(user.id).await, before);
    assert!(user.has_access().await);
}

#[tokio::test]
async fn a_weak_password_is_refused_and_the_token_stays_good() {
    let service = Service::running();
    let (events, user) = user_of(&service).await;
    let message = message(&service, &events, &user, 2).await;

    let answer = by_token(&service.client(), &message.token, "1234").await;
    assert_snapshot!(answer.data(), @r#"{"new_password":["This password is too short. It must contain at least 8 characters.","This password is too common.","This password is entirely numeric."]}"#);
    let similar = by_token(&service.client(), &message.token, &user.email).await;
    assert_snapshot!(similar.data(), @r#"{"new_password":["The password is too similar to the email address or name."]}"#);
    let both = by_token(&service.client(), "nothing", "1234").await;
    assert!(both.data()["token"].is_array() && both.data()["new_password"].is_array());

    let answer = by_token(&service.client(), &message.token, NEW).await;
    assert_eq!(answer.status, StatusCode::OK, "{answer}");
}

#[tokio::test]
async fn a_code_does_the_same_with_its_address_and_only_once() {
    let service = Service::running();
    let (events, user) = user_of(&service).await;
    let stranger = service.registered_user().await;
    let message = message(&service, &events, &user, 2).await;

    let foreign = by_code(&service.client(), &stranger.email, &message.code, NEW).await;
    assert_refused(&foreign, "code");
    let spaced = format!("{} {}", &message.code[..3], &message.code[3..]);
    let answer = by_code(&service.client(), &user.email.to_uppercase(), &spaced, NEW).await;
    assert_eq!(answer.status, StatusCode::OK, "{answer}");
    let again = by_code(&service.client(), &user.email, &message.code, NEW).await;
    assert_refused(&again, "code");
    let token = by_token(&service.client(), &message.token, NEW).await;
    assert_refused(&token, "token");
}

#[tokio::test]
async fn five_wrong_codes_spoil_the_code_but_not_the_token() {
    let service = Service::running();
    let (events, user) = user_of(&service).await;
    let message = message(&service, &events, &user, 2).await;
    let wrong = message.wrong_code();

    // At once, so that none slips through.
    let clients: Vec<Client> = (0..8).map(|_| service.client()).collect();
    let tries = clients
        .iter()
        .map(|client| by_code(client, &user.email, &wrong, NEW));
    for answer in join_all(tries).await {
        assert_refused(&answer, "code");
    }
    let counted = "select wrong_codes from account_tokens where user_id = $1";
    assert_eq!(service.value::<i32>(counted, &[&user.id]).await, 5);

    let right = by_code(&service.client(), &user.email, &message.code, NEW).await;
    assert_refused(&right, "code");
    let token = by_token(&service.client(), &message.token, NEW).await;
    assert_eq!(token.status, StatusCode::OK, "{token}");
}

#[tokio::test]
async fn codes_of_an_address_are_tried_ten_times_a_day_whether_it_is_known_or_not() {
    let service = Service::running();
    let nobody = format!("nobody{}@example.com", random_hex(16));
    for remaining in (0..10).rev() {
        let answer = by_code(&service.client(), &nobody, "123456", NEW).await;
        assert_refused(&answer, "code");
        let limit = answer.rate_limit("recovery_code");
        assert_eq!((limit.quota, limit.remaining), (10, remaining));
    }
    let eleventh = by_code(&service.client(), &nobody, "123456", NEW).await;
    assert_snapshot!(eleventh.status, @"429 Too Many Requests");
}

#[tokio::test]
async fn an_address_gets_five_messages_an_hour_whether_it_is_known_or_not() {
    let service = Service::running();
    let (_, user) = user_of(&service).await;
    let nobody = format!("nobody{}@example.com", random_hex(16));
    for email in [&user.email, &nobody] {
        for remaining in (0..5).rev() {
            let answer = service
                .client()
                .post(REQUEST, &json!({"email": email}))
                .await;
            assert_eq!(answer.status, StatusCode::ACCEPTED, "{answer}");
            assert_eq!(answer.rate_limit("recovery").remaining, remaining);
        }
        let sixth = service
            .client()
            .post(REQUEST, &json!({"email": email}))
            .await;
        assert_eq!(sixth.status, StatusCode::TOO_MANY_REQUESTS, "{sixth}");
    }
}

#[tokio::test]
async fn a_client_is_limited_whatever_addresses_it_tries() {
    let service = Service::with_variables(&[(
        "rate_limits",
        r#"{"recovery_address": {"limit": 3, "window": 3600}}"#,
    )]);
    let client = service.client();
    for _ in 0..3 {
        let email = format!("nobody{}@example.com", random_hex(16));
        let answer = client.post(REQUEST, &json!({"email": email})).await;
        assert_eq!(answer.status, StatusCode::ACCEPTED, "{answer}");
    }
    let email = format!("nobody{}@example.com", random_hex(16));
    let fourth = client.post(REQUEST, &json!({"email": email})).await;
    assert_eq!(fourth.status, StatusCode::TOO_MANY_REQUESTS, "{fourth}");
    let confirm = by_token(&client, &random_hex(32), NEW).await;
    assert_eq!(confirm.status, StatusCode::TOO_MANY_REQUESTS, "{confirm}");
}

#[tokio::test]
async fn a_password_change_makes_what_was_sent_before_worthless() {
    let service = Service::running();
    let (events, user) = user_of(&service).await;
    let message = message(&service, &events, &user, 2).await;
    let change = json!({
        "old_password": user.password, "new_password": NEW, "new_password_confirm": NEW,
    });
    let changed = user.post("/api/v1/users/change-password", &change).await;
    assert_eq!(changed.status, StatusCode::OK, "{changed}");
    let answer = by_token(&service.client(), &message.token, "Nx7! a third one").await;
    assert_refused(&answer, "token");
}

#[tokio::test]
async fn neither_token_nor_code_is_kept_once_the_event_is_out() {
    let service = Service::running();
    let (events, user) = user_of(&service).await;
    let message = message(&service, &events, &user, 2).await;

    let left = "select count(*) from outbox where user_id = $1";
    eventually("the outbox is empty", async || {
        service.value::<i64>(left, &[&user.id]).await == 0
    })
    .await;
    let kept = "select to_jsonb(account_tokens)::text from account_tokens where user_id = $1";
    let kept: String = service.value(kept, &[&user.id]).await;
    assert!(!kept.contains(&message.token) && !kept.contains(&message.code));
    let trail = "select coalesce(string_agg(to_jsonb(audit_log)::text, ''), '') from audit_log
         where subject_id = $1";
    let trail: String = service.value(trail, &[&user.id]).await;
    assert!(!trail.contains(&message.token) && !trail.contains(&user.email));
}

#[tokio::test]
async fn an_event_whose_token_has_expired_is_not_delivered_and_goes_with_the_sweep() {
    let service = Service::with_events(&[]);
    let (events, user) = user_of(&service).await;
    let secret = json!({"token": random_hex(32)}).to_string();
    let event = "insert into outbox (id, destination, user_id, sequence, type, data, expires_at)
         values (gen_random_uuid(), 'rabbitmq', $1, 1000, 'user.password_reset_requested',
             $2::text::json, now() - interval '1 second')";
    service.execute(event, &[&user.id, &secret]).await;

    service.drain().await;
    let name = json!({"profile": {"first_name": "Ada"}});
    user.patch("/api/v1/users/profile", &name).await;
    let told = events.of(&user.id, 2).await;
    assert_eq!(told[1].routing_key, "user.updated");

    let client = service.host_client();
    let sweep = client.request(http::Method::POST, "/internal/sweep");
    let swept = sweep.bearer(service.internal_secret()).send().await;
    assert_eq!(swept.data()["expired_events"], 1, "{swept}");
    let left: i64 = service
        .value(
            "select count(*) from outbox where expires_at is not null",
            &[],
        )
        .await;
    assert_eq!(left, 0);
}

/// A user whose registration is the first of the events.
async fn user_of(service: &Service) -> (Events, TestUser) {
    let events = service.events().await;
    let account = NewAccount::random();
    let user = TestUser::register(service.client(), &account).await;
    events.of(&user.id, 1).await;
    (events, user)
}

/// The message that he gets when he asks for it: the last of `count` events.
async fn message(service: &Service, events: &Events, user: &TestUser, count: usize) -> Message {
    user.ask_for(&service.client(), "password-reset").await;
    Message::of(events, user, count, "user.password_reset_requested").await
}

async fn by_token(client: &Client, token: &str, password: &str) -> Answer {
    let body = json!({
        "token": token, "new_password": password, "new_password_confirm": password,
    });
    client.post(CONFIRM, &body).await
}

async fn by_code(client: &Client, email: &str, code: &str, password: &str) -> Answer {
    let body = json!({
        "email": email, "code": code, "new_password": password, "new_password_confirm": password,
    });
    client.post(CONFIRM, &body).await
}

fn assert_refused(answer: &Answer, field: &str) {
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{answer}");
    let text = format!("This {field} is invalid or has expired.");
    assert_eq!(*answer.data(), json!({field: [text]}));
}
