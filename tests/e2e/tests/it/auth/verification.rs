//! `/api/v1/auth/verification`: whether an account's address is its owner's.

use e2e::{Answer, Client, Message, Service};
use http::StatusCode;
use insta::assert_snapshot;
use serde_json::json;

use crate::event_schemas::assert_is_event;

const REQUEST: &str = "/api/v1/auth/verification";
const CONFIRM: &str = "/api/v1/auth/verification/confirm";
const TYPE: &str = "user.verification_requested";

#[tokio::test]
async fn a_token_verifies_the_address_once() {
    let service = Service::running();
    let events = service.events().await;
    let user = service.registered_user().await;
    let before = user.get("/api/v1/users/profile").await;
    assert_eq!(before.data()["is_verified"], false);
    user.ask_for(&service.client(), "verification").await;
    let message = Message::of(&events, &user, 2, TYPE).await;

    let answer = by_token(&service.client(), &message.token).await;

    assert_snapshot!(answer.status, @"200 OK");
    let after = user.get("/api/v1/users/profile").await;
    assert_eq!(after.data()["is_verified"], true);
    let told = events.of(&user.id, 3).await;
    assert_is_event(&told[1], TYPE);
    assert_is_event(&told[2], "user.updated");
    assert_eq!(told[2].body["data"]["user"]["is_verified"], true);
    let again = by_token(&service.client(), &message.token).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "{again}");
    assert_snapshot!(again.data(), @r#"{"token":["This token is invalid or has expired."]}"#);
}

#[tokio::test]
async fn a_code_verifies_it_too() {
    let service = Service::running();
    let events = service.events().await;
    let user = service.registered_user().await;
    user.ask_for(&service.client(), "verification").await;
    let message = Message::of(&events, &user, 2, TYPE).await;
    let by_code = async |code: &str| {
        let body = json!({"email": user.email, "code": code});
        service.client().post(CONFIRM, &body).await
    };

    let wrong = by_code(&message.wrong_code()).await;
    assert_snapshot!(wrong.data(), @r#"{"code":["This code is invalid or has expired."]}"#);
    let right = by_code(&message.code).await;
    assert_eq!(right.status, StatusCode::OK, "{right}");
}

#[tokio::test]
async fn a_verified_address_gets_no_message_but_the_same_answer() {
    let service = Service::running();
    let user = service.registered_user().await;
    let verify = "update users set is_verified = true where id = $1";
    service.execute(verify, &[&user.id]).await;
    let client = service.client();
    let first = client.post(REQUEST, &json!({"email": user.email})).await;
    let nobody = client
        .post(REQUEST, &json!({"email": "nobody@example.com"}))
        .await;
    assert_eq!(first.status, StatusCode::ACCEPTED, "{first}");
    assert_eq!(first.body, nobody.body);
    let row = "select outcome from audit_log where request_id = $1";
    let id = first.header("x-request-id").to_owned();
    e2e::eventually("it is written down", async || {
        !service.rows(row, &[&id]).await.is_empty()
    })
    .await;
    let tokens = "select count(*) from account_tokens where user_id = $1";
    assert_eq!(service.value::<i64>(tokens, &[&user.id]).await, 0);
}

#[tokio::test]
async fn a_token_for_a_password_verifies_nothing() {
    let service = Service::running();
    let events = service.events().await;
    let user = service.registered_user().await;
    user.ask_for(&service.client(), "password-reset").await;
    let message = Message::of(&events, &user, 2, "user.password_reset_requested").await;
    let answer = by_token(&service.client(), &message.token).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{answer}");
}

async fn by_token(client: &Client, token: &str) -> Answer {
    client.post(CONFIRM, &json!({"token": token})).await
}
