//! `POST /api/v1/users/logout`

use e2e::{Jwt, Service, TestUser};
use http::{Method, StatusCode};
use insta::{assert_json_snapshot, assert_snapshot};
use serde_json::json;

use crate::redacted;

const LOGOUT: &str = "/api/v1/users/logout";

#[tokio::test]
async fn nothing_given_ends_the_callers_own_session() {
    let service = Service::running();
    for body in [
        json!({}),
        json!({"refresh_token": null}),
        json!({"refresh_token": ""}),
    ] {
        let user = service.registered_user().await;
        let other = user.another_session().await;

        let answer = user.post(LOGOUT, &body).await;

        assert_eq!(answer.status, StatusCode::OK, "{answer}");
        assert_ended(&service, &user).await;
        assert_lives(&other).await;
    }
}

#[tokio::test]
async fn a_logout_needs_no_body() {
    let service = Service::running();
    let user = service.registered_user().await;

    let answer = user
        .request(Method::POST, "/api/v1/users/logout/")
        .send()
        .await;

    assert_json_snapshot!(answer.body, @r#"
    {
      "success": true,
      "message": "Logout successful",
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
    assert_ended(&service, &user).await;
}

#[tokio::test]
async fn the_own_refresh_token_ends_the_own_session() {
    let service = Service::running();
    let user = service.registered_user().await;
    let answer = logout(&user, &user.refresh).await;
    assert_snapshot!(answer.status, @"200 OK");
    assert_ended(&service, &user).await;
}

#[tokio::test]
async fn a_refresh_token_of_another_own_session_ends_that_one() {
    let service = Service::running();
    let user = service.registered_user().await;
    let other = user.another_session().await;

    let answer = logout(&user, &other.refresh).await;

    assert_snapshot!(answer.status, @"200 OK");
    assert_ended(&service, &other).await;
    assert_lives(&user).await;
}

#[tokio::test]
async fn a_refresh_token_of_any_generation_ends_its_session() {
    let service = Service::running();
    let first = service.registered_user().await;
    let other = first.another_session().await;
    let third = first.refreshed().await.refreshed().await;

    let answer = logout(&other, &first.refresh).await;

    assert_snapshot!(answer.status, @"200 OK");
    assert_ended(&service, &third).await;
    assert_lives(&other).await;
}

#[tokio::test]
async fn a_form_ends_a_session_too() {
    let service = Service::running();
    let user = service.registered_user().await;
    let form = format!("refresh_token={}", user.refresh);
    let request = user.request(Method::POST, LOGOUT);
    let answer = request
        .body("application/x-www-form-urlencoded", form)
        .send()
        .await;
    assert_snapshot!(answer.status, @"200 OK");
    assert_ended(&service, &user).await;
}

#[tokio::test]
async fn a_session_that_has_ended_can_be_ended_again() {
    let service = Service::running();
    let user = service.registered_user().await;
    let other = user.another_session().await;
    assert_eq!(logout(&user, &other.refresh).await.status, StatusCode::OK);
    let before = service.state_of(user.id).await;
    assert_eq!(logout(&user, &other.refresh).await.status, StatusCode::OK);
    assert_eq!(service.state_of(user.id).await, before);
    assert_lives(&user).await;
}

#[tokio::test]
async fn an_ended_session_cannot_log_out_again() {
    let user = Service::running().registered_user().await;
    assert_eq!(user.post(LOGOUT, &json!({})).await.status, StatusCode::OK);
    let again = user.post(LOGOUT, &json!({})).await;
    assert_snapshot!(again.status, @"401 Unauthorized");
}

#[tokio::test]
async fn what_is_no_refresh_token_of_the_caller_ends_nothing() {
    let service = Service::running();
    let secret = service.jwt_secret();
    let user = service.registered_user().await;
    let stranger = service.registered_user().await;
    let good = Jwt::read(&user.refresh);
    let issued_at = good.seconds("iat");
    let before = [
        service.state_of(user.id).await,
        service.state_of(stranger.id).await,
    ];
    for (what, token) in [
        ("garbage", json!("x")),
        ("a number", json!(7)),
        ("a list", json!([user.refresh])),
        ("an object", json!({"refresh": user.refresh})),
        ("false", json!(false)),
        ("an access token", json!(user.access)),
        ("somebody else's", json!(stranger.refresh)),
        ("somebody else's access token", json!(stranger.access)),
        (
            "another secret",
            json!(good.signed("another secret of at least 32 bytes")),
        ),
        (
            "alg none",
            json!(good.clone().header("alg", "none").unsigned()),
        ),
        (
            "expired",
            json!(good.clone().claim("exp", issued_at - 1).signed(secret)),
        ),
        (
            "of the old service",
            json!(good.clone().without_claim("sid").signed(secret)),
        ),
        (
            "a session of somebody else",
            json!(
                good.claim("sid", stranger.session().to_string())
                    .signed(secret)
            ),
        ),
    ] {
        let answer = user.post(LOGOUT, &json!({"refresh_token": token})).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{what}: {answer}");
        assert_eq!(
            answer.text("/message"),
            "An error occurred during logout",
            "{what}"
        );
        assert_eq!(answer.text("/error"), "Logout failed", "{what}");
        let after = [
            service.state_of(user.id).await,
            service.state_of(stranger.id).await,
        ];
        assert_eq!(after, before, "{what}");
    }
    assert_lives(&user).await;
    assert_lives(&stranger).await;
}

#[tokio::test]
async fn a_refused_logout_looks_as_it_always_did() {
    let user = Service::running().registered_user().await;
    let answer = logout(&user, "x").await;
    assert_snapshot!(answer.status, @"400 Bad Request");
    assert_json_snapshot!(answer.body, {".request_id" => redacted::id()}, @r#"
    {
      "success": false,
      "message": "An error occurred during logout",
      "error": "Logout failed",
      "data": null,
      "meta": {
        "total": 0,
        "limit": 10,
        "page": 1,
        "total_pages": 0,
        "has_next": false,
        "has_previous": false
      },
      "code": "logout_failed",
      "request_id": "[id]"
    }
    "#);
}

#[tokio::test]
async fn a_body_that_is_no_object_ends_nothing() {
    let user = Service::running().registered_user().await;
    let answer = user.post(LOGOUT, &json!("x")).await;
    assert_snapshot!(answer.status, @"422 Unprocessable Entity");
    assert_lives(&user).await;
}

async fn logout(user: &TestUser, refresh_token: &str) -> e2e::Answer {
    user.post(LOGOUT, &json!({"refresh_token": refresh_token}))
        .await
}

/// Access ends at once, and for good.
async fn assert_ended(service: &Service, user: &TestUser) {
    assert!(!user.has_access().await);
    assert_eq!(user.try_refresh().await.status, StatusCode::UNAUTHORIZED);
    let reason: String = service
        .value(
            "select revoked_reason from sessions where id = $1",
            &[&user.session()],
        )
        .await;
    assert_eq!(reason, "logout");
}

async fn assert_lives(user: &TestUser) {
    assert!(user.has_access().await);
    assert_eq!(user.try_refresh().await.status, StatusCode::OK);
}
