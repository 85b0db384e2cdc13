//! Settings that can't be right.

use e2e::{Service, TOKEN};
use http::{Method, StatusCode};
use serde_json::json;
use stack::{HostKind, Source, Stack};

use super::{LOGIN, LOGOUT, PREFERENCES, PROFILE, PUSH_TOKENS, REFRESH, REGISTER};

#[tokio::test]
async fn a_wrong_setting_is_answered_in_the_envelope_on_every_route() {
    // No host looks at this one, so that it shows with the first request.
    let service = Service::with_variables(&[("trusted_proxies", "10.0.0.0/99")]);
    for (method, path) in [
        (Method::POST, REGISTER),
        (Method::POST, LOGIN),
        (Method::POST, REFRESH),
        (Method::POST, LOGOUT),
        (Method::GET, PROFILE),
        (Method::PUT, PREFERENCES),
        (Method::GET, PUSH_TOKENS),
        (Method::POST, TOKEN),
    ] {
        let answer = service
            .client()
            .request(method, path)
            .json(&json!({}))
            .send()
            .await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{answer}");
        assert_eq!(answer.text("/code"), "misconfigured");
        assert!(!answer.text("/error").contains("/99"), "{answer}");
    }
    let log = service.stack().host().expect("a host of its own").log();
    let log = std::fs::read_to_string(log).expect("a log");
    assert!(
        log.contains("trusted_proxies") && log.contains("10.0.0.0/99"),
        "the log says why: {log}"
    );
}

#[tokio::test]
async fn a_weak_secret_is_refused_by_the_development_host_and_answered_under_spin() {
    let refusal = start_with("jwt_secret", "much too short").await;
    if let Some(refusal) = refusal {
        assert!(
            refusal.contains("jwt_secret") && refusal.contains("32"),
            "{refusal}"
        );
        assert!(!refusal.contains("much too short"), "{refusal}");
    }
}

#[tokio::test]
async fn bad_rate_limits_are_refused_by_the_development_host_and_answered_under_spin() {
    let refusal = start_with("rate_limits", r#"{"logins": {}}"#).await;
    if let Some(refusal) = refusal {
        assert!(
            refusal.contains("rate_limits") && refusal.contains("logins"),
            "{refusal}"
        );
    }
}

/// Starts a service with a wrong variable. The development host must not start, and gives what it
/// says; under Spin every request must be answered 503.
async fn start_with(variable: &str, value: &str) -> Option<String> {
    let kind = HostKind::from_environment().expect("E2E_HOST");
    let started = Stack::builder()
        .database(Source::Existing(
            std::env::var("E2E_DATABASE_URL").expect("a database"),
        ))
        .variable(variable, value)
        .host(kind)
        .start();
    match kind {
        HostKind::Dev => Some(format!(
            "{:#}",
            started.expect_err("the host must not start")
        )),
        HostKind::Spin => {
            let service = Service::of(started.expect("Spin knows nothing of it"));
            let answer = service.client().get(PROFILE).await;
            assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{answer}");
            assert_eq!(answer.text("/code"), "misconfigured");
            None
        }
    }
}
