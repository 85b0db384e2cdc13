//! Requests about a user whose account is erased at the same moment.

use e2e::{Answer, Service, SignedInService, TestUser, random_hex};
use futures::future::join;
use http::{Method, StatusCode};
use serde_json::{Value, json};

use super::Holder;

const PUSH_TOKENS: &str = "/api/v1/users/push-tokens";

#[tokio::test]
async fn who_is_erased_meanwhile_is_no_longer_known() {
    let service = Service::running();
    for (method, path, body) in [
        (
            Method::POST,
            PUSH_TOKENS,
            json!({"token": random_hex(32), "platform": "web"}),
        ),
        (
            Method::PATCH,
            "/api/v1/users/profile",
            json!({"profile": {"bio": "x"}}),
        ),
        (
            Method::PUT,
            "/api/v1/users/preferences",
            json!({"frequency_limit": 3}),
        ),
    ] {
        let user = service.registered_user().await;
        let answer = while_erased(&service, &user, request(&user, method, path, &body)).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{path}: {answer}");
        assert_eq!(answer.text("/code"), "token_not_valid");
    }
}

#[tokio::test]
async fn push_tokens_that_are_erased_meanwhile_are_not_found() {
    let service = Service::running();
    for method in [Method::PATCH, Method::DELETE] {
        let user = service.registered_user().await;
        let body = json!({"token": random_hex(32), "platform": "web"});
        let row = user.post(PUSH_TOKENS, &body).await;
        let url = format!("{PUSH_TOKENS}/{}", row.text("/data/id"));
        let change = json!({"device_name": "mine"});

        let answer = while_erased(&service, &user, request(&user, method, &url, &change)).await;

        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{answer}");
    }
}

#[tokio::test]
async fn nothing_is_sent_to_who_is_erased_meanwhile() {
    let service = Service::running();
    let caller = SignedInService::new(&service, &["delivery:decide"]).await;
    let (user, other) = (
        service.registered_user().await,
        service.registered_user().await,
    );
    let message =
        |user: &TestUser| json!({"user_id": user.id, "channel": "email", "category": "system"});
    let batch = json!({"requests": [message(&user), message(&other), message(&user)]});

    let decide = caller.post("/api/v1/services/delivery/decide", &batch);
    let answer = while_erased(&service, &user, decide).await;

    assert_eq!(answer.status, StatusCode::OK, "{answer}");
    let decisions = answer.data()["decisions"].as_array().expect("a list");
    let outcomes: Vec<_> = decisions
        .iter()
        .map(|decision| &decision["outcome"])
        .collect();
    assert_eq!(outcomes, ["drop", "allow", "drop"], "{answer}");
    assert_eq!(decisions[0]["reasons"][0]["code"], "account_missing");
    let slots: i64 = service
        .value(
            "select count(*) from delivery_slots where user_id = any($1)",
            &[&vec![user.id, other.id]],
        )
        .await;
    assert_eq!(slots, 1);
}

/// The answer to `request`, which finds that the user's account is being erased and waits for that.
async fn while_erased(
    service: &Service,
    user: &TestUser,
    request: impl Future<Output = Answer>,
) -> Answer {
    let erasure = Holder::begin(service).await;
    let erase = "delete from users where id = $1";
    erasure.run(erase, &[&user.id]).await;
    join(request, erasure.commit_when_waited_for(service))
        .await
        .0
}

async fn request(user: &TestUser, method: Method, path: &str, body: &Value) -> Answer {
    user.request(method, path).json(body).send().await
}
