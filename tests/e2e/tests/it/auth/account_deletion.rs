//! The grace period of an erasure: `DELETE /api/v1/users/account` with `deletion_grace_days`, and
//! `POST /api/v1/auth/account-deletion/cancel`.

use e2e::{Answer, Events, Message, NewAccount, Service, TestUser};
use http::{Method, StatusCode};
use insta::assert_snapshot;
use serde_json::json;

use crate::event_schemas::assert_is_event;

const ACCOUNT: &str = "/api/v1/users/account";
const CANCEL: &str = "/api/v1/auth/account-deletion/cancel";
const TYPE: &str = "user.deletion_scheduled";

#[tokio::test]
async fn an_account_can_be_kept_within_the_grace_period_and_is_erased_after_it() {
    let service = Service::with_events(&[("deletion_grace_days", "30")]);
    let events = service.events().await;

    by_a_login(&service, &events).await;
    by_the_token(&service, &events).await;
    by_no_other_token(&service, &events).await;
    not_at_all(&service, &events).await;
}

async fn by_a_login(service: &Service, events: &Events) {
    let user = service.registered_user().await;
    let answer = delete(&user).await;
    assert_snapshot!(answer.status, @"200 OK");
    assert_eq!(answer.body["message"], "Account will be deleted");
    let erase_at = answer.text("/data/erase_at").to_owned();
    assert!(!user.has_access().await);
    let message = Message::of(events, &user, 2, TYPE).await;
    assert_eq!(message.data["erase_at"], erase_at);

    let login = user.try_login(&user.password).await;

    assert_eq!(login.status, StatusCode::OK, "{login}");
    assert!(!is_to_be_erased(service, &user).await);
    let back = TestUser::signed_in(user.client.clone(), &login, &user.password);
    let export = back.get("/api/v1/users/export").await;
    let sessions = &export.data()["lists"]["sessions"];
    assert_eq!(sessions[0]["ended_by"], "deletion_scheduled", "{export}");
    let told = events.of(&user.id, 3).await;
    assert_is_event(&told[1], TYPE);
    assert_is_event(&told[2], "user.deletion_cancelled");
    let late = cancel(service, &message).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY, "{late}");
    let again = user.try_login(&user.password).await;
    assert_eq!(again.status, StatusCode::OK, "{again}");
    let restored =
        "select count(*) from audit_log where subject_id = $1 and action = 'user_restored'
        and outcome = 'success'";
    assert_eq!(service.value::<i64>(restored, &[&user.id]).await, 1);
}

async fn by_the_token(service: &Service, events: &Events) {
    let user = service.registered_user().await;
    delete(&user).await;
    let message = Message::of(events, &user, 2, TYPE).await;
    let kept = cancel(service, &message).await;
    assert_eq!(kept.status, StatusCode::OK, "{kept}");
    assert!(!is_to_be_erased(service, &user).await);
    let told = events.of(&user.id, 3).await;
    assert_is_event(&told[2], "user.deletion_cancelled");
    let again = cancel(service, &message).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "{again}");
}

/// Who has asked for another address before does not have the account there.
async fn by_no_other_token(service: &Service, events: &Events) {
    let user = service.registered_user().await;
    let body = json!({"email": NewAccount::random().email, "password": user.password});
    user.post("/api/v1/auth/email-change", &body).await;
    let change = Message::of(events, &user, 2, "user.email_change_requested").await;
    delete(&user).await;
    let message = Message::of(events, &user, 3, TYPE).await;

    let body = json!({"token": change.token});
    let confirm = "/api/v1/auth/email-change/confirm";
    let changed = service.client().post(confirm, &body).await;

    assert_eq!(
        changed.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "{changed}"
    );
    let kept = cancel(service, &message).await;
    assert_eq!(kept.status, StatusCode::OK, "{kept}");
    let late = service.client().post(confirm, &body).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY, "{late}");
}

async fn not_at_all(service: &Service, events: &Events) {
    let user = service.registered_user().await;
    delete(&user).await;
    assert_eq!(sweep(service).await, 0, "not yet");
    assert!(is_to_be_erased(service, &user).await);
    let later = "update users set erase_at = now() - interval '1 second' where id = $1";
    service.execute(later, &[&user.id]).await;

    assert_eq!(sweep(service).await, 1);

    let left = "select count(*) from users where id = $1";
    assert_eq!(service.value::<i64>(left, &[&user.id]).await, 0);
    let told = events.of(&user.id, 3).await;
    assert_is_event(&told[2], "user.deleted");
    let login = user.try_login(&user.password).await;
    assert_eq!(login.status, StatusCode::UNPROCESSABLE_ENTITY, "{login}");
}

async fn delete(user: &TestUser) -> Answer {
    let request = user.request(Method::DELETE, ACCOUNT);
    let body = json!({"password": user.password});
    request.json(&body).send().await
}

async fn cancel(service: &Service, message: &Message) -> Answer {
    let body = json!({"token": message.token});
    service.client().post(CANCEL, &body).await
}

async fn is_to_be_erased(service: &Service, user: &TestUser) -> bool {
    let erase_at = "select erase_at is not null from users where id = $1";
    service.value(erase_at, &[&user.id]).await
}

/// How many accounts a sweep erases.
async fn sweep(service: &Service) -> serde_json::Value {
    let client = service.host_client();
    let sweep = client.request(Method::POST, "/internal/sweep");
    let swept = sweep.bearer(service.internal_secret()).send().await;
    assert_eq!(swept.status, StatusCode::OK, "{swept}");
    swept.data()["accounts"].clone()
}
