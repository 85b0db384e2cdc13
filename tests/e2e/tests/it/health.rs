//! `GET /health`

use std::time::SystemTime;

use e2e::Service;
use http::{Method, StatusCode};
use insta::assert_snapshot;
use serde_json::json;

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
    assert_eq!(
        data,
        json!({
            "service": "user-service",
            "status": "healthy",
            "timestamp": null,
            "version": "1.0.0",
            "checks": {"database": "healthy", "cache": "healthy"},
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

/// The methods of a header `Allow`, sorted.
fn methods(allow: &str) -> Vec<&str> {
    let mut methods: Vec<_> = allow.split(',').map(str::trim).collect();
    methods.sort_unstable();
    methods
}
