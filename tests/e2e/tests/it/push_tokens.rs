//! `/api/v1/users/push-tokens` and `/api/v1/users/push-tokens/{id}`

mod create;
mod deactivate_all;
mod list;
mod moves;
mod one;
mod subscriptions;

use e2e::{Answer, Service, TestUser, random_hex};
use http::StatusCode;
use serde_json::{Value, json};

const PUSH_TOKENS: &str = "/api/v1/users/push-tokens";
const PROFILE: &str = "/api/v1/users/profile";

/// A push token that no other test has.
fn new_token() -> String {
    format!("fcm-{}", random_hex(32))
}

/// Registers `body` and answers the row.
async fn create(user: &TestUser, body: &Value) -> Value {
    let answer = user.post(PUSH_TOKENS, body).await;
    assert!(
        [StatusCode::CREATED, StatusCode::OK].contains(&answer.status),
        "{answer}"
    );
    assert!(
        !String::from_utf8_lossy(&answer.bytes).contains(body["token"].as_str().expect("a token")),
        "the token is write-only: {answer}"
    );
    answer.data().clone()
}

/// Registers a new token of a browser and answers the row.
async fn create_any(user: &TestUser) -> Value {
    create(user, &json!({"token": new_token(), "platform": "web"})).await
}

/// All rows of a user, newest first.
async fn list(user: &TestUser) -> Vec<Value> {
    let answer = user.get(&format!("{PUSH_TOKENS}?limit=100")).await;
    assert_eq!(answer.status, StatusCode::OK, "{answer}");
    answer.data().as_array().expect("a list").clone()
}

/// What the user object says of the number of active push tokens.
async fn count(user: &TestUser) -> Value {
    user.get(PROFILE).await.data()["push_tokens_count"].clone()
}

/// The URL of a row.
fn url(row: &Value) -> String {
    format!("{PUSH_TOKENS}/{}", row["id"].as_str().expect("an id"))
}

/// The token that the database holds in a row.
async fn stored_token(service: &Service, row: &Value) -> String {
    let id: uuid::Uuid = row["id"].as_str().expect("an id").parse().expect("a UUID");
    service
        .value("select token from push_tokens where id = $1", &[&id])
        .await
}

/// Makes sure that there is no such push token for the caller.
fn assert_not_found(answer: &Answer) {
    assert_eq!(answer.status, StatusCode::NOT_FOUND, "{answer}");
    assert_eq!(answer.text("/message"), "Not found");
    assert_eq!(answer.text("/error"), "Push token not found");
    assert_eq!(answer.text("/code"), "not_found");
    assert!(answer.data().is_null(), "{answer}");
}
