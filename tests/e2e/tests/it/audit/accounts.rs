//! Accounts: registration, login, password change, erasure, unsubscribing.

use e2e::{NewAccount, Service, SignedInService, random_hex};
use http::{Method, StatusCode};
use serde_json::{Value, json};

use super::{row, trail};

const CHANGE: &str = "/api/v1/users/change-password";
const ACCOUNT: &str = "/api/v1/users/account";

#[tokio::test]
async fn a_registration_is_one_row_and_a_refused_one_none() {
    let service = Service::running();
    let account = NewAccount::random();
    let client = service.client();
    let answer = client.post("/api/v1/users/register", &account).await;
    let user = e2e::TestUser::signed_in(client.clone(), &answer, &account.password);
    let expected = row(
        &client,
        ("user_created", "success"),
        ("user", Some(user.id)),
        Some(user.id),
        &json!({"session_id": user.session()}),
    );
    assert_eq!(trail(&service, &answer).await, [expected]);

    // The statement meets the unique index, and is rolled back.
    let answer = client.post("/api/v1/users/register", &account).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{answer}");
    assert_eq!(trail(&service, &answer).await, Vec::<Value>::new());
}

#[tokio::test]
async fn a_login_is_one_row() {
    let service = Service::running();
    let user = service.registered_user().await;
    let answer = user.try_login(&user.password).await;
    let session = e2e::TestUser::signed_in(user.client.clone(), &answer, &user.password).session();
    let expected = row(
        &user.client,
        ("authn_login_success", "success"),
        ("user", Some(user.id)),
        Some(user.id),
        &json!({"session_id": session}),
    );
    assert_eq!(trail(&service, &answer).await, [expected]);
}

#[tokio::test]
async fn a_refused_login_is_one_row_with_the_account_if_there_is_one() {
    let service = Service::running();
    let (user, closed) = (
        service.registered_user().await,
        service.registered_user().await,
    );
    let close = "update users set is_active = false where id = $1";
    service.execute(close, &[&closed.id]).await;

    let mut stranger = user.clone();
    stranger.email = format!("nobody{}@example.com", random_hex(16));
    for (account, password, subject, reason) in [
        (&user, "wrong", Some(user.id), "wrong_password"),
        (&closed, "wrong", Some(closed.id), "wrong_password"),
        (
            &closed,
            &closed.password,
            Some(closed.id),
            "inactive_account",
        ),
        (&stranger, "wrong", None, "unknown_account"),
    ] {
        let answer = account.try_login(password).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{answer}");
        let expected = row(
            &account.client,
            ("authn_login_fail", "failure"),
            ("anonymous", None),
            subject,
            &json!({"reason": reason}),
        );
        assert_eq!(trail(&service, &answer).await, [expected]);
    }
}

#[tokio::test]
async fn a_password_change_is_one_row_and_so_is_a_wrong_old_password() {
    let service = Service::running();
    let user = service.registered_user().await;
    user.another_session().await;
    let new = NewAccount::random().password;
    let change = async |old: &str, new: &str| {
        let body = json!({
            "old_password": old,
            "new_password": new,
            "new_password_confirm": new,
        });
        user.post(CHANGE, &body).await
    };
    let by_user = |action, details| {
        row(
            &user.client,
            action,
            ("user", Some(user.id)),
            Some(user.id),
            &details,
        )
    };

    let refused = change("wrong", &new).await;
    assert_eq!(
        refused.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "{refused}"
    );
    let expected = by_user(("authn_password_change_fail", "failure"), json!({}));
    assert_eq!(trail(&service, &refused).await, [expected]);

    // A bad new password says nothing of who asks.
    let refused = change(&user.password, "short").await;
    assert_eq!(
        refused.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "{refused}"
    );
    assert_eq!(trail(&service, &refused).await, Vec::<Value>::new());

    let changed = change(&user.password, &new).await;
    assert_eq!(changed.status, StatusCode::OK, "{changed}");
    let expected = by_user(
        ("authn_password_change", "success"),
        json!({"ended_sessions": 1}),
    );
    assert_eq!(trail(&service, &changed).await, [expected]);
}

#[tokio::test]
async fn an_erasure_is_one_row_that_outlives_the_user() {
    let service = Service::running();
    let user = service.registered_user().await;
    let delete = async |password: &str| {
        let request = user.request(Method::DELETE, ACCOUNT);
        request.json(&json!({"password": password})).send().await
    };
    let by_user = |outcome| {
        row(
            &user.client,
            ("user_deleted", outcome),
            ("user", Some(user.id)),
            Some(user.id),
            &json!({}),
        )
    };

    let refused = delete("wrong").await;
    assert_eq!(
        refused.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "{refused}"
    );
    assert_eq!(trail(&service, &refused).await, [by_user("failure")]);

    let erased = delete(&user.password).await;
    assert_eq!(erased.status, StatusCode::OK, "{erased}");
    assert_eq!(trail(&service, &erased).await, [by_user("success")]);
    let kept = "select array_agg(action order by occurred_at) from audit_log where subject_id = $1";
    assert_eq!(
        service.value::<Vec<String>>(kept, &[&user.id]).await,
        ["user_created", "user_deleted", "user_deleted"]
    );
}

#[tokio::test]
async fn unsubscribing_by_a_link_is_one_row_and_none_when_repeated() {
    let service = Service::running();
    let user = service.registered_user().await;
    let caller = SignedInService::new(&service, &["unsubscribe:link"]).await;
    let body = json!({"user_id": user.id, "channel": "email", "category": "marketing"});
    let link = caller
        .post("/api/v1/services/unsubscribe-links", &body)
        .await;
    let client = service.client();
    let unsubscribe = async || {
        let request = client.request(Method::POST, link.text("/data/path"));
        let form = "application/x-www-form-urlencoded";
        let answer = request
            .body(form, "List-Unsubscribe=One-Click")
            .send()
            .await;
        assert_eq!(answer.status, StatusCode::OK, "{answer}");
        answer
    };

    let first = unsubscribe().await;
    let expected = row(
        &client,
        ("user_updated", "success"),
        ("anonymous", None),
        Some(user.id),
        &json!({"attributes": ["email_marketing"], "by": "unsubscribe_link"}),
    );
    assert_eq!(trail(&service, &first).await, [expected]);
    let again = unsubscribe().await;
    assert_eq!(trail(&service, &again).await, Vec::<Value>::new());
}
