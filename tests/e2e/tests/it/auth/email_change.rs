//! `/api/v1/auth/email-change`: another address, once its owner has shown that he reads it.

use e2e::{Answer, Message, NewAccount, Service, TestUser};
use http::{Method, StatusCode};
use insta::assert_snapshot;
use serde_json::json;

use crate::event_schemas::assert_is_event;

const REQUEST: &str = "/api/v1/auth/email-change";
const CONFIRM: &str = "/api/v1/auth/email-change/confirm";
const TYPE: &str = "user.email_change_requested";

#[tokio::test]
async fn an_address_changes_once_the_new_one_has_confirmed_it() {
    let service = Service::running();
    let events = service.events().await;
    let user = service.registered_user().await;
    let new = NewAccount::random().email;

    let asked = change(&user, &new, &user.password).await;
    assert_snapshot!(asked.status, @"202 Accepted");
    let message = Message::of(&events, &user, 2, TYPE).await;
    assert_eq!(message.data["new_email"], new);
    assert_eq!(message.data["user"]["email"], user.email);
    let profile = user.get("/api/v1/users/profile").await;
    assert_eq!(profile.text("/data/email"), user.email, "not yet");

    let body = json!({"token": message.token});
    let confirmed = service.client().post(CONFIRM, &body).await;
    assert_snapshot!(confirmed.status, @"200 OK");
    let profile = user.get("/api/v1/users/profile").await;
    assert_eq!(profile.text("/data/email"), new);
    assert_eq!(profile.data()["is_verified"], true);
    let told = events.of(&user.id, 3).await;
    assert_is_event(&told[1], TYPE);
    assert_is_event(&told[2], "user.email_changed");
    assert_eq!(told[2].body["data"]["previous_email"], user.email);
    assert_eq!(
        user.try_login(&user.password).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    let moved = TestUser {
        email: new,
        ..user.clone()
    };
    assert_eq!(moved.try_login(&user.password).await.status, StatusCode::OK);
    let again = service.client().post(CONFIRM, &body).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "{again}");
}

#[tokio::test]
async fn what_was_sent_to_the_old_address_is_worthless_then() {
    let service = Service::running();
    let events = service.events().await;
    let user = service.registered_user().await;
    user.ask_for(&service.client(), "password-reset").await;
    let reset = Message::of(&events, &user, 2, "user.password_reset_requested").await;
    change(&user, &NewAccount::random().email, &user.password).await;
    let message = Message::of(&events, &user, 3, TYPE).await;
    let body = json!({"token": message.token});
    let confirmed = service.client().post(CONFIRM, &body).await;
    assert_eq!(confirmed.status, StatusCode::OK, "{confirmed}");

    let body = json!({
        "token": reset.token, "new_password": "Nx7! new", "new_password_confirm": "Nx7! new",
    });
    let answer = service
        .client()
        .post("/api/v1/auth/password-reset/confirm", &body)
        .await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{answer}");
}

#[tokio::test]
async fn an_address_that_a_thief_has_asked_for_is_worthless_once_a_reset_is_required() {
    let service = Service::running();
    let events = service.events().await;
    let support = service.staff("support").await;
    let user = service.registered_user().await;
    let asked = change(&user, &NewAccount::random().email, &user.password).await;
    assert_eq!(asked.status, StatusCode::ACCEPTED, "{asked}");
    let message = Message::of(&events, &user, 2, TYPE).await;
    let path = format!("/users/{}/require-password-reset", user.id);
    support.do_act(Method::POST, &path).await;

    assert_worthless(&service, &user, &message).await;

    let reset = Message::of(&events, &user, 3, "user.password_reset_requested").await;
    let new = "Nx7! another one";
    let body = json!({"token": reset.token, "new_password": new, "new_password_confirm": new});
    let answer = service
        .client()
        .post("/api/v1/auth/password-reset/confirm", &body)
        .await;
    assert_eq!(answer.status, StatusCode::OK, "{answer}");
    assert_eq!(user.try_login(new).await.status, StatusCode::OK);
    assert_worthless(&service, &user, &message).await;
}

#[tokio::test]
async fn an_address_that_was_asked_for_is_worthless_once_its_account_was_closed() {
    let service = Service::running();
    let events = service.events().await;
    let admin = service.staff("admin").await;
    let user = service.registered_user().await;
    change(&user, &NewAccount::random().email, &user.password).await;
    let message = Message::of(&events, &user, 2, TYPE).await;
    for act in ["deactivate", "activate"] {
        let path = format!("/users/{}/{act}", user.id);
        admin.do_act(Method::POST, &path).await;
    }

    assert_worthless(&service, &user, &message).await;
}

#[tokio::test]
async fn an_address_stays_while_a_reset_is_required_or_the_account_is_to_be_erased() {
    let service = Service::running();
    let events = service.events().await;
    // Tokens that were issued at the same moment, and are good otherwise.
    for mark in [
        "update users set password_reset_required_at = now() where id = $1",
        "update users set erase_at = now() + interval '1 day' where id = $1",
    ] {
        let user = service.registered_user().await;
        change(&user, &NewAccount::random().email, &user.password).await;
        let message = Message::of(&events, &user, 2, TYPE).await;
        service.execute(mark, &[&user.id]).await;

        assert_worthless(&service, &user, &message).await;
        // Nor is there another token.
        let again = change(&user, &NewAccount::random().email, &user.password).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "{again}");
    }
}

#[tokio::test]
async fn without_the_password_nothing_is_sent() {
    let service = Service::running();
    let user = service.registered_user().await;
    let before = service.state_of(user.id).await;
    let answer = change(&user, &NewAccount::random().email, "wrong").await;
    assert_snapshot!(answer.data(), @r#"{"password":["Password is incorrect."]}"#);
    assert_eq!(service.state_of(user.id).await, before);
}

#[tokio::test]
async fn an_address_that_is_taken_or_the_own_one_is_refused() {
    let service = Service::running();
    let user = service.registered_user().await;
    let stranger = service.registered_user().await;
    let taken = change(&user, &stranger.email.to_uppercase(), &user.password).await;
    assert_snapshot!(taken.data(), @r#"{"email":["A user with this email already exists."]}"#);
    let own = change(&user, &user.email, &user.password).await;
    assert_snapshot!(own.data(), @r#"{"email":["This is the address of your account already."]}"#);
}

#[tokio::test]
async fn an_address_that_somebody_took_meanwhile_is_refused_and_the_token_stays() {
    let service = Service::running();
    let events = service.events().await;
    let user = service.registered_user().await;
    let account = NewAccount::random();
    change(&user, &account.email, &user.password).await;
    let message = Message::of(&events, &user, 2, TYPE).await;
    TestUser::register(service.client(), &account).await;
    let body = json!({"token": message.token});
    let answer = service.client().post(CONFIRM, &body).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{answer}");
    assert_snapshot!(answer.data(), @r#"{"email":["A user with this email already exists."]}"#);
    let profile = user.get("/api/v1/users/profile").await;
    assert_eq!(profile.text("/data/email"), user.email);
}

/// Makes sure that the token in the message does not change the address.
async fn assert_worthless(service: &Service, user: &TestUser, message: &Message) {
    let body = json!({"token": message.token});
    let answer = service.client().post(CONFIRM, &body).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{answer}");
    let email = "select email from users where id = $1";
    assert_eq!(
        service.value::<String>(email, &[&user.id]).await,
        user.email
    );
}

async fn change(user: &TestUser, email: &str, password: &str) -> Answer {
    let body = json!({"email": email, "password": password});
    user.post(REQUEST, &body).await
}
