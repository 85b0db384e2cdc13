//! Servers that are away, frozen, emptied and back: each test breaks its own.

mod misconfigured;
mod postgresql;
mod rabbitmq;
mod redis;
mod redis_cluster;
mod replica;

use e2e::{Answer, Service, SignedInService, TestUser, eventually, random_hex};
use http::StatusCode;
use serde_json::json;

const LOGIN: &str = "/api/v1/users/login";
const REGISTER: &str = "/api/v1/users/register";
const REFRESH: &str = "/api/v1/users/token/refresh";
const LOGOUT: &str = "/api/v1/users/logout";
const CHANGE_PASSWORD: &str = "/api/v1/users/change-password";
const PROFILE: &str = "/api/v1/users/profile";
const PREFERENCES: &str = "/api/v1/users/preferences";
const PUSH_TOKENS: &str = "/api/v1/users/push-tokens";

/// Walks through all routes with a new user and makes sure that each does what it should.
async fn assert_everything_works(service: &Service) {
    let user = service.registered_user().await;
    assert_profile_and_preferences_work(&user).await;
    assert_push_tokens_work(&user).await;
    assert_services_work(service, &user).await;
    assert_sessions_work(user).await;
}

async fn assert_profile_and_preferences_work(user: &TestUser) {
    for value in [1, 2] {
        let answer = user
            .put(PROFILE, &json!({"profile": {"bio": value.to_string()}}))
            .await;
        assert_ok(&answer);
        assert_ok(
            &user
                .patch(PREFERENCES, &json!({"frequency_limit": value}))
                .await,
        );
        let profile = user.get(PROFILE).await;
        assert_eq!(profile.data()["profile"]["bio"], value.to_string());
        assert_eq!(
            profile.data()["notification_preferences"]["frequency_limit"],
            value
        );
        assert_eq!(user.get(PREFERENCES).await.data()["frequency_limit"], value);
    }
}

async fn assert_push_tokens_work(user: &TestUser) {
    let body = json!({"token": random_hex(32), "platform": "web"});
    let row = user.post(PUSH_TOKENS, &body).await;
    assert_eq!(row.status, StatusCode::CREATED, "{row}");
    let url = format!("{PUSH_TOKENS}/{}", row.text("/data/id"));
    assert_eq!(user.get(PROFILE).await.data()["push_tokens_count"], 1);
    assert_ok(&user.put(&url, &json!({"device_name": "x"})).await);
    assert_eq!(user.get(&url).await.data()["device_name"], "x");
    let all = user
        .post(&format!("{PUSH_TOKENS}/deactivate_all"), &json!({}))
        .await;
    assert_eq!(all.data()["deactivated_count"], 1, "{all}");
    assert_eq!(user.get(PROFILE).await.data()["push_tokens_count"], 0);
    assert_eq!(user.delete(&url).await.status, StatusCode::NO_CONTENT);
    assert_eq!(user.get(PUSH_TOKENS).await.data(), &json!([]));
}

async fn assert_services_work(service: &Service, user: &TestUser) {
    let permissions = ["users:read", "preferences:read", "push-tokens:read"];
    let caller = SignedInService::new(service, &permissions).await;
    let url = format!("/api/v1/services/users/{}", user.id);
    let seen = caller.get(&url).await;
    assert_eq!(seen.data(), user.get(PROFILE).await.data(), "{seen}");
    let seen = caller.get(&format!("{url}/preferences")).await;
    assert_eq!(seen.data(), user.get(PREFERENCES).await.data(), "{seen}");
    assert_ok(&caller.get(&format!("{url}/push-tokens")).await);
    let body = json!({"emails": [user.email]});
    let found = caller.post("/api/v1/services/users/lookup", &body).await;
    assert_eq!(found.data()["users"][0]["id"], user.id.to_string());
}

async fn assert_sessions_work(user: TestUser) {
    let user = user.refreshed().await;
    let other = user.another_session().await;
    let password = format!("Qz9! {}", random_hex(16));
    let change = json!({
        "old_password": user.password, "new_password": password, "new_password_confirm": password,
    });
    assert_ok(&user.post(CHANGE_PASSWORD, &change).await);
    assert!(!other.has_access().await, "the other session has ended");
    assert!(user.has_access().await);
    let wrong = user.try_login(&user.password).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
    assert_ok(&user.try_login(&password).await);
    assert_ok(&user.post(LOGOUT, &json!({})).await);
    assert!(!user.has_access().await, "logging out ends access");
    assert_eq!(user.try_refresh().await.status, StatusCode::UNAUTHORIZED);
}

fn assert_ok(answer: &Answer) {
    assert_eq!(answer.status, StatusCode::OK, "{answer}");
}

/// What the health route says: its status, and of PostgreSQL and Redis.
async fn health(service: &Service) -> (u16, String) {
    let answer = service.client().get("/health").await;
    let check = |name: &str| answer.text(&format!("/data/checks/{name}")).to_owned();
    let text = format!(
        "{}: database {}, cache {}",
        answer.text("/data/status"),
        check("database"),
        check("cache")
    );
    (answer.status.as_u16(), text)
}

/// Makes sure that the health route says so: within a second, since it keeps what it has found out.
async fn assert_health(service: &Service, status: u16, text: &str) {
    eventually(text, async || {
        health(service).await == (status, text.to_owned())
    })
    .await;
}

const HEALTHY: &str = "healthy: database healthy, cache healthy";
