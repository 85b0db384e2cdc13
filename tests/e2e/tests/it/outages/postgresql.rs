//! Without PostgreSQL: 503 at once in the envelope, and everything again when it is back.

use std::time::Duration;

use e2e::{Answer, NewAccount, Request, Service, TestUser, eventually};
use futures::future::join_all;
use http::{Method, StatusCode};
use serde_json::json;
use stack::{PostgreSql, Signal};

use super::{
    CHANGE_PASSWORD, HEALTHY, LOGIN, LOGOUT, PREFERENCES, PROFILE, PUSH_TOKENS, REFRESH, REGISTER,
    assert_everything_works, assert_health, health,
};

/// What the service promises: whatever needs a PostgreSQL that is away has waited for 2 seconds at most
/// when it is refused. A second more is for a machine that is busy.
const PATIENCE: Duration = Duration::from_secs(3);

/// With a frozen Redis besides, each request has waited for that one first. The service promises
/// nothing then; a second is allowed for it.
const PATIENCE_WITH_BOTH: Duration = Duration::from_secs(4);

#[tokio::test]
async fn a_postgresql_that_is_shut_down_is_missed_until_it_is_back() {
    let service = Service::on_own_servers(&[]);
    let user = service.registered_user().await;
    let before = user.get(PROFILE).await;

    postgresql(&service).stop();
    assert_unavailable(
        &service,
        &user,
        "unhealthy: database unhealthy, cache healthy",
        PATIENCE,
    )
    .await;

    postgresql(&service).start().expect("it starts again");
    assert_back(&service, &user).await;
    let after = user.get(PROFILE).await;
    assert_eq!(after.data(), before.data(), "nothing was written by halves");
}

#[tokio::test]
async fn a_postgresql_that_is_killed_is_missed_until_it_is_back() {
    let service = Service::on_own_servers(&[]);
    let user = service.registered_user().await;
    let before = user.get(PROFILE).await;
    write_down(&service).await;

    postgresql(&service).kill().expect("it runs");
    assert_unavailable(
        &service,
        &user,
        "unhealthy: database unhealthy, cache healthy",
        PATIENCE,
    )
    .await;

    postgresql(&service).start().expect("it starts again");
    assert_back(&service, &user).await;
    assert_eq!(user.get(PROFILE).await.data(), before.data());
}

#[tokio::test]
async fn a_frozen_postgresql_is_not_waited_for() {
    let service = Service::on_own_servers(&[]);
    let user = service.registered_user().await;

    postgresql(&service).freeze().expect("it runs");
    assert_unavailable(
        &service,
        &user,
        "unhealthy: database unhealthy, cache healthy",
        PATIENCE,
    )
    .await;

    postgresql(&service).thaw().expect("it is there");
    assert_back(&service, &user).await;
}

#[tokio::test]
async fn with_both_servers_away_nobody_gets_in() {
    let service = Service::on_own_servers(&[]);
    let user = service.registered_user().await;
    let redis = service.stack().redis().expect("a Redis of its own");

    postgresql(&service).stop();
    redis.stop();
    let away = "unhealthy: database unhealthy, cache unhealthy";
    assert_unavailable(&service, &user, away, PATIENCE).await;
    for path in [PROFILE, PREFERENCES] {
        assert_is_unavailable(&user.get(path).await);
    }

    postgresql(&service).start().expect("it starts again");
    redis.start().expect("it starts again");
    assert_back(&service, &user).await;
}

#[tokio::test]
async fn with_both_servers_frozen_nobody_gets_in() {
    let service = Service::on_own_servers(&[]);
    let user = service.registered_user().await;
    let redis = service.stack().redis().expect("a Redis of its own");

    postgresql(&service).freeze().expect("it runs");
    redis.signal(Signal::STOP).expect("it runs");
    let away = "unhealthy: database unhealthy, cache unhealthy";
    assert_unavailable(&service, &user, away, PATIENCE_WITH_BOTH).await;
    for path in [PROFILE, PREFERENCES] {
        let answer = user
            .request(Method::GET, path)
            .within(PATIENCE_WITH_BOTH)
            .send()
            .await;
        assert_is_unavailable(&answer);
    }

    redis.signal(Signal::CONT).expect("it is there");
    postgresql(&service).thaw().expect("it is there");
    assert_back(&service, &user).await;
}

fn postgresql(service: &Service) -> &PostgreSql {
    service
        .stack()
        .postgresql()
        .expect("a PostgreSQL of its own")
}

/// The tests' PostgreSQL answers before it has written: after this, all that went before is kept.
async fn write_down(service: &Service) {
    service.execute("set synchronous_commit = on", &[]).await;
    service
        .execute("update users set version = version", &[])
        .await;
}

/// Makes sure that whatever needs PostgreSQL answers 503, and what does not still answers.
async fn assert_unavailable(
    service: &Service,
    user: &TestUser,
    expected_health: &str,
    patience: Duration,
) {
    let answers = join_all(
        what_needs_postgresql(user, patience)
            .into_iter()
            .map(Request::send),
    )
    .await;
    for answer in &answers {
        assert_is_unavailable(answer);
    }
    let reads =
        [PROFILE, PREFERENCES].map(|path| user.request(Method::GET, path).within(patience).send());
    for answer in join_all(reads).await {
        // With the session and the document in Redis a read needs no PostgreSQL.
        if answer.status != StatusCode::OK {
            assert_is_unavailable(&answer);
        }
    }
    let forged = service
        .client()
        .request(Method::GET, PROFILE)
        .bearer("a.b.c");
    assert_eq!(
        forged.within(patience).send().await.status,
        StatusCode::UNAUTHORIZED
    );
    let invalid = user
        .request(Method::PUT, PREFERENCES)
        .body("application/json", "{");
    assert!(
        [StatusCode::BAD_REQUEST, StatusCode::SERVICE_UNAVAILABLE]
            .contains(&invalid.within(patience).send().await.status)
    );
    assert_health(service, 503, expected_health).await;
}

fn what_needs_postgresql(user: &TestUser, patience: Duration) -> Vec<Request> {
    let row = format!("{PUSH_TOKENS}/{}", user.id);
    let token = json!({"token": e2e::random_hex(32), "platform": "web"});
    let login = json!({"email": user.email, "password": user.password});
    let change = json!({
        "old_password": user.password,
        "new_password": "Qz9! a good one",
        "new_password_confirm": "Qz9! a good one",
    });
    let request = |method, path: &str| user.request(method, path).within(patience);
    vec![
        request(Method::POST, REGISTER).json(&NewAccount::random()),
        request(Method::POST, LOGIN).json(&login),
        request(Method::POST, REFRESH).json(&json!({"refresh": user.refresh})),
        request(Method::POST, LOGOUT).json(&json!({})),
        request(Method::POST, CHANGE_PASSWORD).json(&change),
        request(Method::PUT, PROFILE).json(&json!({"phone_number": "1"})),
        request(Method::PATCH, PREFERENCES).json(&json!({"frequency_limit": 1})),
        request(Method::GET, PUSH_TOKENS),
        request(Method::POST, PUSH_TOKENS).json(&token),
        request(Method::POST, &format!("{PUSH_TOKENS}/deactivate_all")),
        request(Method::GET, &row),
        request(Method::PUT, &row).json(&json!({"device_name": "x"})),
        request(Method::DELETE, &row),
    ]
}

fn assert_is_unavailable(answer: &Answer) {
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{answer}");
    assert_eq!(answer.text("/code"), "unavailable", "{answer}");
}

/// Makes sure that everything works again, once each component has tried PostgreSQL again: it is left
/// alone for a second at a time.
async fn assert_back(service: &Service, user: &TestUser) {
    eventually("the service is healthy again", async || {
        health(service).await.1 == HEALTHY
    })
    .await;
    eventually("every component is back", async || {
        let answers = [
            user.get(PUSH_TOKENS).await,
            user.try_login("not his password").await,
            user.try_refresh().await,
        ];
        let is_back = |answer: &Answer| answer.status != StatusCode::SERVICE_UNAVAILABLE;
        answers.iter().all(is_back)
    })
    .await;
    assert_everything_works(service).await;
}
