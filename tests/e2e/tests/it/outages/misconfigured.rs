//! Settings that can't be right.

use e2e::{Service, TOKEN};
use http::{Method, StatusCode};
use serde_json::json;
use stack::{HostKind, Source, Stack};

use super::{LOGIN, LOGOUT, PREFERENCES, PROFILE, PUSH_TOKENS, REFRESH, REGISTER};

#[tokio::test]
async fn a_wrong_setting_is_answered_in_the_envelope_on_every_route() {
    // No host knows the names of limits, so that this one shows with the first request.
    let service = Service::with_variables(&[("rate_limits", r#"{"logins": {}}"#)]);
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
        assert!(!answer.text("/error").contains("logins"), "{answer}");
    }
    let log = service.stack().host().expect("a host of its own").log();
    let log = std::fs::read_to_string(log).expect("a log");
    assert!(
        log.contains("rate_limits") && log.contains("logins"),
        "the log says why: {log}"
    );
}

#[tokio::test]
async fn a_weak_secret_is_refused_by_the_development_host_and_answered_under_spin() {
    let kind = HostKind::from_environment().expect("E2E_HOST");
    let started = Stack::builder()
        .database(Source::Existing(
            std::env::var("E2E_DATABASE_URL").expect("a database"),
        ))
        .variable("jwt_secret", "much too short")
        .host(kind)
        .start();
    match kind {
        HostKind::Dev => {
            let refusal = format!("{:#}", started.expect_err("the host must not start"));
            assert!(
                refusal.contains("jwt_secret") && refusal.contains("32"),
                "{refusal}"
            );
            assert!(!refusal.contains("much too short"), "{refusal}");
        }
        HostKind::Spin => {
            let service = Service::of(started.expect("Spin knows nothing of it"));
            let answer = service.client().get(PROFILE).await;
            assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{answer}");
            assert_eq!(answer.text("/code"), "misconfigured");
        }
    }
}
