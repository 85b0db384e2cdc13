//! `GET /health`

use std::fs;
use std::time::SystemTime;

use e2e::{Service, eventually, random_hex};
use futures::future::join_all;
use http::{Method, StatusCode};
use insta::assert_snapshot;
use serde_json::{Value, json};
use stack::Signal;

#[tokio::test]
async fn a_healthy_service_says_so_to_everybody() {
    let service = Service::running();

    let answer = service.client().get("/health").await;

    assert_snapshot!(answer.status, @"200 OK");
    assert_snapshot!(answer.text("/message"), @"Health check completed");
    let mut data = answer.data().clone();
    let now = SystemTime::UNIX_EPOCH
        .elapsed()
        .expect("after 1970")
        .as_secs_f64();
    let timestamp = data["timestamp"].take().as_f64().expect("seconds");
    assert!((now - timestamp).abs() < 600.0, "{timestamp}");
    assert!(
        data["response_time_ms"]
            .take()
            .as_f64()
            .expect("milliseconds")
            >= 0.0
    );
    let oldest = data["outbox_oldest_seconds"].take();
    assert!(oldest.as_f64().expect("seconds") >= 0.0);
    for server in ["postgresql", "redis"] {
        let version = data["versions"][server].take();
        let major = version.as_str().expect("a version").parse::<u32>();
        assert!(major.is_ok_and(|major| major > 5), "{version}");
    }
    assert_eq!(
        data,
        json!({
            "service": "user-service",
            "status": "healthy",
            "timestamp": null,
            "version": "1.0.0",
            "checks": {"database": "healthy", "cache": "healthy"},
            "replicas": [],
            "outbox_oldest_seconds": null,
            "versions": {"postgresql": null, "redis": null},
            "response_time_ms": null,
        })
    );
}

#[tokio::test]
async fn credentials_and_queries_are_ignored() {
    let service = Service::running();
    for path in ["/health", "/health/", "/health?x=%FF&page=x"] {
        let request = service
            .client()
            .request(Method::GET, path)
            .bearer("garbage");
        let answer = request.send().await;
        assert_eq!(answer.status, StatusCode::OK, "{answer}");
    }
}

#[tokio::test]
async fn the_timestamp_is_a_float() {
    let service = Service::running();
    let answer = service.client().get("/health").await;
    assert!(answer.data()["timestamp"].is_f64(), "{answer}");
}

#[tokio::test]
async fn head_answers_the_headers_of_get() {
    let service = Service::running();
    for path in ["/health", "/health/"] {
        let answer = service.client().request(Method::HEAD, path).send().await;
        assert_eq!(answer.status, StatusCode::OK, "{answer}");
        assert!(answer.bytes.is_empty());
        assert_eq!(answer.header("content-type"), "application/json");
    }
}

#[tokio::test]
async fn other_methods_are_not_allowed() {
    let service = Service::behind_no_gateway();
    for method in ["POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "get"] {
        let method = Method::from_bytes(method.as_bytes()).expect("a method");
        let answer = service
            .client()
            .request(method, "/health")
            .json(&json!({}))
            .send()
            .await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{answer}");
        assert_eq!(answer.text("/code"), "method_not_allowed");
        assert_eq!(methods(answer.header("allow")), ["GET", "HEAD", "OPTIONS"]);
    }
}

#[tokio::test]
async fn options_tells_the_methods() {
    let service = Service::running();
    let answer = service
        .client()
        .request(Method::OPTIONS, "/health")
        .send()
        .await;
    assert!(answer.status.is_success(), "{answer}");
    assert_eq!(methods(answer.header("allow")), ["GET", "HEAD", "OPTIONS"]);
}

#[tokio::test]
async fn a_thousand_probes_are_a_query_for_each_instance() {
    let service = Service::with_variables(&[]);
    let name = random_hex(8);
    let client = service.client();
    let probe = async || {
        for number in 0..125 {
            let path = ["/health", "/health/ready"][number % 2];
            let request = client.request(Method::GET, path);
            let answer = request.header("x-request-id", &name).send().await;
            assert_eq!(answer.status, StatusCode::OK, "{answer}");
        }
    };
    join_all((0..8).map(|_| probe())).await;

    let lines = || {
        let host = service.stack().host().expect("a host");
        let log = fs::read_to_string(host.log()).expect("the host's log");
        let lines = log
            .lines()
            .filter_map(|line| serde_json::from_str(line).ok());
        let mut lines: Vec<Value> = lines.collect();
        lines.retain(|line| line["request_id"] == *name);
        lines
    };
    eventually("all have their line", async || lines().len() == 1_000).await;
    let queries: u64 = lines()
        .iter()
        .filter_map(|line| line["postgres_round_trips"].as_u64())
        .sum();
    // An instance serves about a hundred requests, and asks again each second.
    assert!((1..=100).contains(&queries), "{queries} queries");
}

#[tokio::test]
async fn without_postgresql_a_service_lives_but_is_not_ready() {
    let service = Service::on_own_servers(&[]);
    let client = service.client();
    let ready = client.get("/health/ready").await;
    assert_eq!(ready.status, StatusCode::OK, "{ready}");
    assert_eq!(ready.data()["checks"], json!({"database": "healthy"}));
    let postgresql = service.stack().postgresql().expect("one of its own");
    let redis = service.stack().redis().expect("one of its own");
    postgresql.freeze().expect("it runs");
    redis.signal(Signal::STOP).expect("it runs");

    eventually("it is not ready", async || {
        let ready = client.get("/health/ready").await;
        ready.status == StatusCode::SERVICE_UNAVAILABLE
    })
    .await;
    let ready = client.get("/health/ready").await;
    assert_eq!(ready.text("/code"), "unhealthy");
    assert_eq!(ready.data()["checks"], json!({"database": "unhealthy"}));
    assert_eq!(ready.header("retry-after"), "1");
    let live = client.get("/health/live").await;
    assert_eq!(live.status, StatusCode::OK, "{live}");
    assert_eq!(live.text("/data/status"), "healthy");
    assert!(
        !live.header("server-timing").contains(','),
        "it asks nobody"
    );

    redis.signal(Signal::CONT).expect("it runs");
    postgresql.thaw().expect("it runs");
    eventually("it is ready again", async || {
        let ready = client.get("/health/ready").await;
        ready.status == StatusCode::OK
    })
    .await;
}

#[tokio::test]
async fn replicas_are_told_of_by_themselves() {
    let service =
        Service::on_own_servers(&[("database_replica_urls", "postgres://u:p@127.0.0.1:9/none")]);
    let answer = service.client().get("/health").await;
    assert_eq!(answer.status, StatusCode::OK, "{answer}");
    assert_eq!(answer.text("/data/status"), "healthy");
    assert_eq!(answer.data()["replicas"], json!(["unhealthy"]));
}

/// The methods of a header `Allow`, sorted.
fn methods(allow: &str) -> Vec<&str> {
    let mut methods: Vec<_> = allow.split(',').map(str::trim).collect();
    methods.sort_unstable();
    methods
}
