//! `POST /api/v1/services/push-tokens/feedback`

use e2e::{Answer, Service, SignedInService, TestUser, random_hex};
use http::StatusCode;
use serde_json::json;

const FEEDBACK: &str = "/api/v1/services/push-tokens/feedback";
const PUSH_TOKENS: &str = "/api/v1/users/push-tokens";

#[tokio::test]
async fn a_token_that_its_provider_calls_dead_is_deactivated() {
    let service = Service::running();
    let events = service.events().await;
    let (caller, user) = caller_and_user(&service).await;
    let token = random_hex(32);
    let url = create(&user, &token).await;

    let body = json!({"token": token, "provider": "fcm", "reason": "UNREGISTERED"});
    let answer = caller.post(FEEDBACK, &body).await;

    assert_ok(&answer);
    assert_eq!(answer.data()["deactivated"], true, "{answer}");
    assert_eq!(user.get(&url).await.data()["is_active"], false);
    assert_eq!(
        user.get("/api/v1/users/profile").await.data()["push_tokens_count"],
        0
    );
    let told = events.of(&user.id, 3).await;
    assert_eq!(told[2].routing_key, "user.token_updated");
    assert_eq!(told[2].body["data"]["push_token"]["is_active"], false);

    let again = caller.post(FEEDBACK, &body).await;
    assert_eq!(again.data()["deactivated"], false, "{again}");
}

#[tokio::test]
async fn a_token_that_may_still_work_stays() {
    let service = Service::running();
    let (caller, user) = caller_and_user(&service).await;
    let token = random_hex(32);
    let url = create(&user, &token).await;
    let id = url.rsplit('/').next().expect("an id");
    for body in [
        json!({"token": token, "provider": "fcm", "reason": "UNAVAILABLE"}),
        json!({"token": token, "provider": "fcm", "reason": 404}),
        json!({"token": token, "provider": "fcm", "reason": "INVALID_ARGUMENT", "message": "payload"}),
        json!({"push_token_id": id, "provider": "apns", "reason": "TooManyRequests"}),
        json!({"push_token_id": id, "provider": "web_push", "reason": 503}),
    ] {
        let answer = caller.post(FEEDBACK, &body).await;
        assert_ok(&answer);
        assert_eq!(answer.data()["deactivated"], false, "{body}: {answer}");
        assert!(answer.text("/data/reason").len() > 10, "{answer}");
    }
    assert_eq!(user.get(&url).await.data()["is_active"], true);
}

#[tokio::test]
async fn a_report_older_than_the_last_registration_is_ignored() {
    let service = Service::running();
    let (caller, user) = caller_and_user(&service).await;
    let token = random_hex(32);
    let url = create(&user, &token).await;
    let report = |observed_at: &str| {
        json!({
            "token": token, "provider": "apns", "reason": 410, "observed_at": observed_at,
        })
    };

    let old = caller.post(FEEDBACK, &report("2026-01-01T00:00:00Z")).await;
    assert_ok(&old);
    assert_eq!(old.data()["deactivated"], false, "{old}");
    assert_eq!(user.get(&url).await.data()["is_active"], true);

    // A clock that is ahead reports what is happening now.
    let new = caller.post(FEEDBACK, &report("2099-01-01T00:00:00Z")).await;
    assert_eq!(new.data()["deactivated"], true, "{new}");
}

#[tokio::test]
async fn a_new_name_of_the_device_is_no_registration() {
    let service = Service::running();
    let (caller, user) = caller_and_user(&service).await;
    let token = random_hex(32);
    let url = create(&user, &token).await;
    let registered_at = user.get(&url).await.text("/data/last_used").to_owned();
    let report = json!({
        "token": token, "provider": "fcm", "reason": "UNREGISTERED", "observed_at": registered_at,
    });
    let again = json!({"token": token, "device_name": "mine"});
    assert_ok(&user.patch(&url, &again).await);
    let answer = caller.post(FEEDBACK, &report).await;
    assert_eq!(answer.data()["deactivated"], false, "{answer}");

    let registered_at = user.get(&url).await.text("/data/last_used").to_owned();
    let report = json!({
        "token": token, "provider": "fcm", "reason": "UNREGISTERED", "observed_at": registered_at,
    });
    assert_ok(&user.patch(&url, &json!({"device_name": "yours"})).await);
    let answer = caller.post(FEEDBACK, &report).await;
    assert_eq!(answer.data()["deactivated"], true, "{answer}");
}

#[tokio::test]
async fn an_unknown_token_is_not_found_and_a_bad_report_is_refused() {
    let service = Service::running();
    let (caller, _) = caller_and_user(&service).await;
    let body = json!({"token": random_hex(32), "provider": "fcm", "reason": "UNREGISTERED"});
    let answer = caller.post(FEEDBACK, &body).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND, "{answer}");

    let answer = caller.post(FEEDBACK, &json!({"provider": "pigeon"})).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{answer}");
    assert!(answer.data()["provider"].is_array(), "{answer}");
    assert!(answer.data()["reason"].is_array(), "{answer}");
}

async fn caller_and_user(service: &Service) -> (SignedInService, TestUser) {
    let caller = SignedInService::new(service, &["push-tokens:feedback"]).await;
    (caller, service.registered_user().await)
}

/// Registers a push token, and answers its URL.
async fn create(user: &TestUser, token: &str) -> String {
    let body = json!({"token": token, "platform": "android"});
    let row = user.post(PUSH_TOKENS, &body).await;
    assert_eq!(row.status, StatusCode::CREATED, "{row}");
    format!("{PUSH_TOKENS}/{}", row.text("/data/id"))
}

fn assert_ok(answer: &Answer) {
    assert_eq!(answer.status, StatusCode::OK, "{answer}");
}
