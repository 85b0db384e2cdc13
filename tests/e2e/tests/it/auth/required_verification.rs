//! The setting `email_verification`: a registration sends the message, and nobody signs in before
//! he has used it.

use e2e::{Client, Events, Message, NewAccount, Service, TestUser};
use http::StatusCode;
use insta::assert_snapshot;
use serde_json::{Value, json};
use uuid::Uuid;

const REGISTER: &str = "/api/v1/users/register";
const LOGIN: &str = "/api/v1/users/login";

#[tokio::test]
async fn who_has_not_verified_his_address_has_no_session() {
    let service = Service::with_events(&[("email_verification", "before_login")]);
    let (events, client, account) = (
        service.events().await,
        service.client(),
        NewAccount::random(),
    );

    let answer = client.post(REGISTER, &account).await;

    assert_eq!(answer.status, StatusCode::CREATED, "{answer}");
    assert_eq!(answer.data().get("tokens"), None);
    let id: Uuid = answer.text("/data/id").parse().expect("a UUID");
    let sessions = "select count(*) from sessions where user_id = $1";
    assert_eq!(service.value::<i64>(sessions, &[&id]).await, 0);

    let login = json!({"email": account.email, "password": account.password});
    let early = client.post(LOGIN, &login).await;
    assert_snapshot!(early.status, @"403 Forbidden");
    assert_eq!(early.body["code"], "email_not_verified");
    let wrong = json!({"email": account.email, "password": "wrong"});
    let wrong = client.post(LOGIN, &wrong).await;
    assert_snapshot!(wrong.data(), @r#"{"error":["Unable to log in with provided credentials."]}"#);

    let user = without_tokens(&client, &answer.body["data"], &account);
    verify(&events, &user).await;
    let login = client.post(LOGIN, &login).await;
    assert_eq!(login.status, StatusCode::OK, "{login}");
    let signed_in = TestUser::signed_in(client, &login, &account.password);
    assert!(signed_in.has_access().await);
}

#[tokio::test]
async fn a_registration_may_send_the_message_and_sign_in_all_the_same() {
    let service = Service::with_events(&[("email_verification", "on_registration")]);
    let events = service.events().await;
    let user = service.registered_user().await;
    assert!(user.has_access().await);
    verify(&events, &user).await;
    let profile = user.get("/api/v1/users/profile").await;
    assert_eq!(profile.data()["is_verified"], true);
}

/// Uses the token that his registration has sent.
async fn verify(events: &Events, user: &TestUser) {
    let message = Message::of(events, user, 2, "user.verification_requested").await;
    let body = json!({"token": message.token});
    let client = &user.client;
    let answer = client
        .post("/api/v1/auth/verification/confirm", &body)
        .await;
    assert_eq!(answer.status, StatusCode::OK, "{answer}");
}

/// Who has registered, but is not signed in.
fn without_tokens(client: &Client, data: &Value, account: &NewAccount) -> TestUser {
    let text = |name: &str| data[name].as_str().expect("a text").to_owned();
    TestUser {
        client: client.clone(),
        id: text("id").parse().expect("a UUID"),
        email: text("email"),
        username: text("username"),
        password: account.password.clone(),
        access: String::new(),
        refresh: String::new(),
    }
}
