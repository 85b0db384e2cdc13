//! Messages to a user whose profile is changed at the same moment.

use e2e::{Answer, Events, Message, NewAccount, Service, TestUser, random_hex};
use futures::future::join;
use http::Method;
use serde_json::json;

use super::Holder;

#[tokio::test]
async fn a_message_speaks_to_its_user_as_the_change_before_has_left_him() {
    let service = Service::with_events(&[("deletion_grace_days", "30")]);
    let events = service.events().await;

    requested(&service, &events).await;
    required(&service, &events).await;
    scheduled_and_cancelled(&service, &events).await;
    cancelled_by_a_login(&service, &events).await;
}

async fn requested(service: &Service, events: &Events) {
    let user = service.registered_user().await;
    let client = service.client();
    let body = json!({"email": user.email});
    let ask = client.post("/api/v1/auth/verification", &body);
    let name = during_a_change(service, &user, ask).await;
    assert_told(events, &user, (2, "user.verification_requested"), &name).await;

    let ask = client.post("/api/v1/auth/password-reset", &body);
    let name = during_a_change(service, &user, ask).await;
    assert_told(events, &user, (3, "user.password_reset_requested"), &name).await;

    let body = json!({"email": NewAccount::random().email, "password": user.password});
    let ask = user.post("/api/v1/auth/email-change", &body);
    let name = during_a_change(service, &user, ask).await;
    assert_told(events, &user, (4, "user.email_change_requested"), &name).await;
}

async fn required(service: &Service, events: &Events) {
    let support = service.staff("support").await;
    let user = service.registered_user().await;
    let path = format!("/users/{}/require-password-reset", user.id);
    let require = support.act(Method::POST, &path);
    let name = during_a_change(service, &user, require).await;
    assert_told(events, &user, (2, "user.password_reset_requested"), &name).await;
}

async fn scheduled_and_cancelled(service: &Service, events: &Events) {
    let user = service.registered_user().await;
    let name = during_a_change(service, &user, delete(&user)).await;
    let scheduled = assert_told(events, &user, (2, "user.deletion_scheduled"), &name).await;

    let client = service.client();
    let body = json!({"token": scheduled.token});
    let cancel = client.post("/api/v1/auth/account-deletion/cancel", &body);
    let name = during_a_change(service, &user, cancel).await;
    assert_told(events, &user, (3, "user.deletion_cancelled"), &name).await;
}

async fn cancelled_by_a_login(service: &Service, events: &Events) {
    let user = service.registered_user().await;
    delete(&user).await;
    let login = user.try_login(&user.password);
    let name = during_a_change(service, &user, login).await;
    assert_told(events, &user, (3, "user.deletion_cancelled"), &name).await;
}

/// Has `request`, which must succeed, wait for a change of the user's profile. Answers the first name that he
/// has by it.
async fn during_a_change(
    service: &Service,
    user: &TestUser,
    request: impl Future<Output = Answer>,
) -> String {
    let name = random_hex(12);
    let profile = Holder::begin(service).await;
    let raise = "update users set version = version + 1 where id = $1";
    profile.run(raise, &[&user.id]).await;
    let rename = "update user_profiles set first_name = $2 where user_id = $1";
    profile.run(rename, &[&user.id, &name]).await;

    let (answer, ()) = join(request, profile.commit_when_waited_for(service)).await;

    assert!(answer.status.is_success(), "{answer}");
    name
}

/// Makes sure that the last of the `count` events of `user` is of this type, and calls him by this name.
async fn assert_told(
    events: &Events,
    user: &TestUser,
    (count, event_type): (usize, &str),
    name: &str,
) -> Message {
    let message = Message::of(events, user, count, event_type).await;
    let told = &message.data["user"];
    assert_eq!(told["first_name"], name, "{event_type}: {told}");
    message
}

async fn delete(user: &TestUser) -> Answer {
    let request = user.request(Method::DELETE, "/api/v1/users/account");
    let body = json!({"password": user.password});
    request.json(&body).send().await
}
