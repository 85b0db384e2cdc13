//! `GET /metrics`: what all instances have counted, and how things stand.

mod queries;

use e2e::openmetrics::OpenMetrics;
use e2e::{Answer, Service, eventually, random_hex};
use futures::future::join_all;
use http::{Method, StatusCode};
use serde_json::json;
use stack::Signal;

const PROFILE: &str = "/api/v1/users/profile";
const PREFERENCES: &str = "/api/v1/users/preferences";
const PUSH_TOKENS: &str = "/api/v1/users/push-tokens";
const LOGIN: &str = "/api/v1/users/login";

/// More requests than an instance serves.
const MANY: u32 = 300;

#[tokio::test]
async fn only_who_knows_the_internal_secret_sees_them() {
    let service = Service::running();
    let anonymous = service.host_client().get("/metrics").await;
    assert_eq!(anonymous.status, StatusCode::UNAUTHORIZED, "{anonymous}");
    let user = service.registered_user().await;
    let client = service.host_client();
    let user = client.request(Method::GET, "/metrics").bearer(&user.access);
    let user = user.send().await;
    assert_eq!(user.status, StatusCode::UNAUTHORIZED, "{user}");

    let answer = scrape(&service).await;

    assert_eq!(answer.status, StatusCode::OK, "{answer}");
    let media_type = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    assert_eq!(answer.header("content-type"), media_type);
    assert_eq!(answer.header("cache-control"), "no-store");
}

#[tokio::test]
async fn every_request_is_counted_by_its_route_and_never_by_its_path() {
    let service = Service::with_variables(&[]);
    let user = service.registered_user().await;
    for _ in 0..MANY {
        user.get(PREFERENCES).await;
    }
    let id = uuid::Uuid::new_v4().to_string();
    user.get(&format!("{PUSH_TOKENS}/{id}/")).await;
    user.get(&format!("/{id}")).await;
    user.post(PROFILE, &json!({})).await;
    let odd = Method::from_bytes(b"PROPFIND").expect("a method");
    user.request(odd, PROFILE).send().await;

    let expected = [
        (PREFERENCES, "GET", "200", f64::from(MANY)),
        ("/api/v1/users/register", "POST", "201", 1.0),
        ("/api/v1/users/push-tokens/{id}", "GET", "404", 1.0),
        ("other", "GET", "404", 1.0),
        (PROFILE, "POST", "405", 1.0),
        (PROFILE, "other", "405", 1.0),
    ];
    eventually("all are counted, each once", async || {
        let (_, metrics) = metrics(&service).await;
        expected.iter().all(|(route, method, status, count)| {
            let labels = [("route", *route), ("method", *method), ("status", *status)];
            metrics.value("http_requests_total", &labels) == Some(*count)
        })
    })
    .await;

    let (text, metrics) = metrics(&service).await;
    assert!(!text.contains(&id), "{text}");
    let labels = [("route", PREFERENCES), ("method", "GET")];
    let count = metrics.value("http_request_duration_seconds_count", &labels);
    assert_eq!(count, Some(f64::from(MANY)));
    let sum = metrics.value("http_request_duration_seconds_sum", &labels);
    assert!(sum.is_some_and(|seconds| seconds > 0.0), "{sum:?}");
    let hits = metrics.sum("cache_requests_total", &[("kind", "preferences")]);
    assert!(hits >= f64::from(MANY), "{hits}");
}

#[tokio::test]
async fn users_logins_hashes_and_refusals_are_counted() {
    let limits = r#"{"login": {"limit": 2, "window": 300}}"#;
    let service = Service::with_variables(&[("rate_limits", limits)]);
    let users = [
        service.registered_user().await,
        service.registered_user().await,
    ];
    for user in &users {
        user.get(PROFILE).await;
        user.get(PROFILE).await;
    }
    assert_eq!(
        users[0].try_login(&users[0].password).await.status,
        StatusCode::OK
    );
    for _ in 0..4 {
        let body = json!({"email": "nobody@example.com", "password": random_hex(16)});
        service.client().post(LOGIN, &body).await;
    }

    eventually("they are counted", async || {
        let (_, metrics) = metrics(&service).await;
        let is = |name: &str, labels: &[(&str, &str)], value: f64| {
            metrics.value(name, labels) == Some(value)
        };
        is("active_users", &[("window", "day")], 2.0)
            && is("active_users", &[("window", "week")], 2.0)
            && is("logins_total", &[("result", "success")], 1.0)
            && is("logins_total", &[("result", "refused")], 2.0)
            && is("rate_limit_refusals_total", &[("limit", "login")], 2.0)
            && is(
                "password_hash_duration_seconds_count",
                &[("operation", "hash")],
                2.0,
            )
            && is(
                "password_hash_duration_seconds_count",
                &[("operation", "verify")],
                3.0,
            )
            && metrics.sum("postgres_connection_open_seconds_count", &[]) >= 3.0
    })
    .await;
}

#[tokio::test]
async fn what_is_counted_while_redis_is_away_is_not_lost() {
    let service = Service::on_own_servers(&[]);
    let user = service.registered_user().await;
    let labels = [("route", PROFILE), ("method", "GET"), ("status", "200")];
    user.get(PROFILE).await;
    eventually("the first is counted", async || {
        let (_, metrics) = metrics(&service).await;
        metrics.value("http_requests_total", &labels) == Some(1.0)
    })
    .await;

    let redis = service.stack().redis().expect("a Redis of its own");
    redis.signal(Signal::STOP).expect("it runs");
    user.get(PROFILE).await;
    let (_, without) = metrics(&service).await;
    for server in [
        "PostgreSQL",
        "PostgreSQL replica",
        "templates",
        "breached_passwords",
    ] {
        let is_open = without.value("circuit_breaker_open", &[("server", server)]);
        assert_eq!(is_open, Some(0.0), "{server}");
    }
    assert_eq!(
        without.value("dependency_up", &[("dependency", "redis")]),
        Some(0.0)
    );
    assert_eq!(
        without.value("dependency_up", &[("dependency", "postgresql")]),
        Some(1.0)
    );
    assert_eq!(
        without.value("circuit_breaker_open", &[("server", "Redis")]),
        Some(1.0)
    );
    assert_eq!(
        without.families["http_requests"].samples,
        [],
        "nothing is made up"
    );
    redis.signal(Signal::CONT).expect("it runs");

    // The instance that has counted it lives as long as it is asked.
    eventually("the second is counted, too", async || {
        service.client().get(PROFILE).await;
        let (_, metrics) = metrics(&service).await;
        let is_closed = metrics.value("circuit_breaker_open", &[("server", "Redis")]) == Some(0.0);
        let second = metrics.value("http_requests_total", &labels);
        is_closed && second.is_some_and(|count| count >= 2.0)
    })
    .await;
}

#[tokio::test]
async fn a_postgresql_that_is_away_shows() {
    let service = Service::on_own_servers(&[]);
    let user = service.registered_user().await;
    let postgresql = service
        .stack()
        .postgresql()
        .expect("a PostgreSQL of its own");
    postgresql.freeze().expect("it runs");
    let server = [("server", "PostgreSQL")];

    eventually("the circuit is open", async || {
        // Many at once, since an instance that nobody asks for a second ends, and knows nothing then.
        join_all((0..5).map(|_| user.get(PUSH_TOKENS))).await;
        let (_, metrics) = metrics(&service).await;
        metrics.value("circuit_breaker_open", &server) == Some(1.0)
    })
    .await;
    let (_, away) = metrics(&service).await;
    assert_eq!(
        away.value("dependency_up", &[("dependency", "postgresql")]),
        Some(0.0)
    );
    assert_eq!(away.families["outbox_pending"].samples, []);
    let opened = [("server", "PostgreSQL"), ("to", "open")];
    assert!(away.sum("circuit_breaker_transitions_total", &opened) >= 1.0);

    postgresql.thaw().expect("it runs");
    eventually("the circuit is closed", async || {
        user.get(PUSH_TOKENS).await;
        let (_, metrics) = metrics(&service).await;
        metrics.value("circuit_breaker_open", &server) == Some(0.0)
    })
    .await;
}

#[tokio::test]
async fn without_redis_what_holds_now_is_told() {
    let service = Service::without_redis();
    service.registered_user().await;

    let (_, metrics) = metrics(&service).await;

    assert_eq!(
        metrics.value("dependency_up", &[("dependency", "redis")]),
        Some(0.0)
    );
    assert_eq!(
        metrics.value("circuit_breaker_open", &[("server", "Redis")]),
        Some(0.0)
    );
    assert_eq!(metrics.families["http_requests"].samples, []);
}

/// What is answered to who knows the secret.
async fn scrape(service: &Service) -> Answer {
    let request = service.host_client().request(Method::GET, "/metrics");
    request
        .bearer(service.internal_secret())
        .send_unchecked()
        .await
}

/// The metrics, as text and as they were read.
pub(crate) async fn metrics(service: &Service) -> (String, OpenMetrics) {
    let answer = scrape(service).await;
    assert_eq!(answer.status, StatusCode::OK, "{answer}");
    let text = String::from_utf8(answer.bytes.to_vec()).expect("UTF-8");
    let metrics = OpenMetrics::read(&text);
    (text, metrics)
}
