//! `POST /api/v1/users/change-password`

use e2e::{NewAccount, Service, TestUser};
use http::{Method, StatusCode};
use insta::{assert_json_snapshot, assert_snapshot};
use serde_json::{Value, json};

use crate::redacted;

const CHANGE: &str = "/api/v1/users/change-password";
const NEW: &str = "Nx7! another one";

#[tokio::test]
async fn a_changed_password_is_the_one_that_counts() {
    let service = Service::running();
    let user = service.registered_user().await;
    let before = user.get("/api/v1/users/profile").await;

    let answer = change(&user, &user.password, NEW).await;

    assert_snapshot!(answer.status, @"200 OK");
    assert_json_snapshot!(answer.body, @r#"
    {
      "success": true,
      "message": "Password changed successfully",
      "data": null,
      "meta": {
        "total": 0,
        "limit": 10,
        "page": 1,
        "total_pages": 0,
        "has_next": false,
        "has_previous": false
      }
    }
    "#);
    assert_snapshot!(user.try_login(&user.password).await.status, @"422 Unprocessable Entity");
    assert_snapshot!(user.try_login(NEW).await.status, @"200 OK");
    let stored: String = service
        .value("select password from users where id = $1", &[&user.id])
        .await;
    assert!(
        stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
        "{stored}"
    );
    let after = user.get("/api/v1/users/profile").await;
    assert!(after.text("/data/updated_at") > before.text("/data/updated_at"));
}

#[tokio::test]
async fn the_other_sessions_end_at_once_and_the_own_one_goes_on() {
    let service = Service::running();
    let user = service.registered_user().await;
    let others = [
        user.another_session().await,
        user.another_session().await.refreshed().await,
    ];
    let stranger = service.registered_user().await;
    assert!(others[0].has_access().await && others[1].has_access().await);

    let answer = change(&user, &user.password, NEW).await;

    assert_snapshot!(answer.status, @"200 OK");
    for other in others {
        assert!(!other.has_access().await);
        assert_eq!(other.try_refresh().await.status, StatusCode::UNAUTHORIZED);
        let reason: String = service
            .value(
                "select revoked_reason from sessions where id = $1",
                &[&other.session()],
            )
            .await;
        assert_eq!(reason, "password_changed");
    }
    assert!(user.has_access().await && stranger.has_access().await);
    assert_eq!(user.try_refresh().await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_session_that_had_ended_keeps_its_reason() {
    let service = Service::running();
    let user = service.registered_user().await;
    let other = user.another_session().await;
    other.post("/api/v1/users/logout", &json!({})).await;
    assert_eq!(
        change(&user, &user.password, NEW).await.status,
        StatusCode::OK
    );
    let reason: String = service
        .value(
            "select revoked_reason from sessions where id = $1",
            &[&other.session()],
        )
        .await;
    assert_eq!(reason, "logout");
}

#[tokio::test]
async fn a_wrong_old_and_a_weak_new_password_are_both_named() {
    let answer = refused(&json!({
        "old_password": "bad one", "new_password": "1234", "new_password_confirm": "1234",
    }))
    .await;
    assert_json_snapshot!(answer, @r#"
    {
      "old_password": [
        "Old password is incorrect."
      ],
      "new_password": [
        "This password is too short. It must contain at least 8 characters.",
        "This password is too common.",
        "This password is entirely numeric."
      ]
    }
    "#);
}

#[tokio::test]
async fn all_that_is_wrong_is_named_at_once() {
    let answer = refused(&json!({
        "old_password": "bad one", "new_password": "1234", "new_password_confirm": "12345",
    }))
    .await;
    assert_json_snapshot!(answer, @r#"
    {
      "new_password": [
        "New password fields didn't match.",
        "This password is too short. It must contain at least 8 characters.",
        "This password is too common.",
        "This password is entirely numeric."
      ],
      "old_password": [
        "Old password is incorrect."
      ]
    }
    "#);
    let answer = refused(&json!({"new_password": "1234", "new_password_confirm": "1234"})).await;
    assert_eq!(answer["old_password"], json!(["This field is required."]));
    assert_eq!(answer["new_password"].as_array().map(Vec::len), Some(3));
}

#[tokio::test]
async fn a_wrong_old_password_is_refused() {
    let data = refused(&json!({
        "old_password": "bad one", "new_password": NEW, "new_password_confirm": NEW,
    }))
    .await;
    assert_snapshot!(data, @r#"{"old_password":["Old password is incorrect."]}"#);
}

#[tokio::test]
async fn an_old_password_is_compared_to_the_last_space() {
    let user = Service::running().registered_user().await;
    let answer = change(&user, &format!("{} ", user.password), NEW).await;
    assert_snapshot!(answer.data(), @r#"{"old_password":["Old password is incorrect."]}"#);
    assert_eq!(user.try_login(&user.password).await.status, StatusCode::OK);
}

#[tokio::test]
async fn new_passwords_that_differ_are_refused() {
    let service = Service::running();
    let user = service.registered_user().await;
    let before = service.state_of(user.id).await;
    for other in [format!("{NEW} "), NEW.to_lowercase()] {
        let body = json!({
            "old_password": user.password, "new_password": NEW, "new_password_confirm": other,
        });
        let answer = user.post(CHANGE, &body).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{answer}");
        let expected = json!({"new_password": ["New password fields didn't match."]});
        assert_eq!(*answer.data(), expected);
    }
    assert_eq!(service.state_of(user.id).await, before);
}

#[tokio::test]
async fn missing_fields_are_all_named() {
    let data = refused(&json!({})).await;
    assert_snapshot!(data, @r#"{"old_password":["This field is required."],"new_password":["This field is required."],"new_password_confirm":["This field is required."]}"#);
    let data = refused(&json!({
        "old_password": "", "new_password": null, "new_password_confirm": [],
    }))
    .await;
    assert_snapshot!(data, @r#"{"old_password":["This field may not be blank."],"new_password":["This field may not be null."],"new_password_confirm":["Not a valid string."]}"#);
}

#[tokio::test]
async fn a_new_password_must_not_be_easy_to_guess() {
    let service = Service::running();
    let account = NewAccount::random().name("Chidinma Okonkwo");
    let user = TestUser::register(service.client(), &account).await;
    let before = service.state_of(user.id).await;
    let local_part = user.email.split('@').next().unwrap();
    let similar = "The password is too similar to the email address or name.";
    for (password, text) in [
        (
            "Kx7! ab",
            "This password is too short. It must contain at least 8 characters.",
        ),
        ("password", "This password is too common."),
        ("73018462951", "This password is entirely numeric."),
        (&*format!("{local_part}!"), similar),
        ("x cHIDINma 7", similar),
        ("OKONKWO#71", similar),
        (
            &*"Kx7! ".repeat(26),
            "Ensure this field has no more than 128 characters.",
        ),
    ] {
        let answer = change(&user, &user.password, password).await;
        assert_eq!(
            answer.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{password}: {answer}"
        );
        assert_eq!(
            *answer.data(),
            json!({"new_password": [text]}),
            "{password}"
        );
    }
    assert_eq!(service.state_of(user.id).await, before);
    assert_eq!(user.try_login(&user.password).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_name_that_was_changed_meanwhile_is_looked_at() {
    let user = Service::running().registered_user().await;
    let profile = json!({"profile": {"first_name": "Oluwaseun"}});
    assert_eq!(
        user.patch("/api/v1/users/profile", &profile).await.status,
        StatusCode::OK
    );
    let answer = change(&user, &user.password, "1-Oluwaseun-1").await;
    assert_snapshot!(answer.data(), @r#"{"new_password":["The password is too similar to the email address or name."]}"#);
}

#[tokio::test]
async fn a_form_changes_the_password_too() {
    let user = Service::running().registered_user().await;
    let form = format!(
        "old_password={}&new_password=Nx7%21+form&new_password_confirm=Nx7%21+form",
        user.password.replace('!', "%21").replace(' ', "+"),
    );
    let request = user.request(Method::POST, "/api/v1/users/change-password/");
    let answer = request
        .body("application/x-www-form-urlencoded", form)
        .send()
        .await;
    assert_snapshot!(answer.status, @"200 OK");
    assert_eq!(user.try_login("Nx7! form").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_user_tries_ten_times_an_hour() {
    let service = Service::running();
    let user = service.registered_user().await;
    for remaining in (0..10).rev() {
        let answer = change(&user, "bad one", NEW).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{answer}");
        let limit = answer.rate_limit("password_change");
        assert_eq!(
            (limit.quota, limit.window, limit.remaining),
            (10, 3_600, remaining)
        );
    }
    let before = service.state_of(user.id).await;

    let eleventh = change(&user, &user.password, NEW).await;

    assert_snapshot!(eleventh.status, @"429 Too Many Requests");
    assert_json_snapshot!(eleventh.body, {".request_id" => redacted::id()}, @r#"
    {
      "success": false,
      "message": "Rate limit exceeded",
      "error": "Too many password change attempts. Please try again later.",
      "data": null,
      "meta": {
        "total": 0,
        "limit": 10,
        "page": 1,
        "total_pages": 0,
        "has_next": false,
        "has_previous": false
      },
      "code": "rate_limited",
      "request_id": "[id]"
    }
    "#);
    let limit = eleventh.rate_limit("password_change");
    assert_eq!(eleventh.header("retry-after"), limit.reset.to_string());
    assert_eq!(service.state_of(user.id).await, before);
}

async fn change(user: &TestUser, old: &str, new: &str) -> e2e::Answer {
    let body = json!({"old_password": old, "new_password": new, "new_password_confirm": new});
    user.post(CHANGE, &body).await
}

/// What is said of a body that is refused; nothing changes, and no session ends.
async fn refused(body: &Value) -> Value {
    let service = Service::running();
    let user = service.registered_user().await;
    let other = user.another_session().await;
    let before = service.state_of(user.id).await;

    let answer = user.post(CHANGE, body).await;

    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{answer}");
    assert_eq!(service.state_of(user.id).await, before);
    assert!(user.has_access().await && other.has_access().await);
    answer.data().clone()
}
