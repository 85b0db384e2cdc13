//! `POST /api/v1/users/token/refresh`

use e2e::{Jwt, Service, TestUser, jwt};
use http::{Method, StatusCode};
use insta::{assert_json_snapshot, assert_snapshot};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::redacted;

const REFRESH: &str = "/api/v1/users/token/refresh";

#[tokio::test]
async fn the_next_pair_of_tokens_stands_at_the_top_and_in_the_envelope() {
    let service = Service::running();
    let user = service.registered_user().await;

    let answer = user.try_refresh().await;

    assert_snapshot!(answer.status, @"200 OK");
    assert_json_snapshot!(answer.body, {
        ".access" => redacted::token(),
        ".refresh" => redacted::token(),
        ".data.access" => redacted::token(),
        ".data.refresh" => redacted::token(),
    }, @r#"
    {
      "access": "[token]",
      "refresh": "[token]",
      "success": true,
      "message": "Token refreshed successfully",
      "data": {
        "access": "[token]",
        "refresh": "[token]"
      },
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
    assert_eq!(answer.body["access"], answer.data()["access"]);
    assert_eq!(answer.body["refresh"], answer.data()["refresh"]);
    assert_ne!(answer.text("/access"), user.access);
    assert_ne!(answer.text("/refresh"), user.refresh);
}

#[tokio::test]
async fn the_session_goes_on_with_the_next_generation() {
    let service = Service::running();
    let user = service.registered_user().await;

    let second = user.refreshed().await;
    let third = second.refreshed().await;

    let generations: Vec<_> = [&user, &second, &third]
        .map(|user| Jwt::read(&user.refresh).claims["gen"].clone())
        .into();
    assert_eq!(generations, [0, 1, 2]);
    assert_eq!(third.session(), user.session());
    assert_eq!(session(&service, &user).await["generation"], 2);
    let access = Jwt::read(&third.access);
    assert_eq!(access.seconds("exp") - access.seconds("iat"), 3_600);
    let refresh = Jwt::read(&third.refresh);
    assert_eq!(refresh.seconds("exp") - refresh.seconds("iat"), 604_800);
    // An access token lives on: it is the session that can be ended.
    assert!(user.has_access().await && second.has_access().await && third.has_access().await);
}

#[tokio::test]
async fn an_authorization_header_is_not_looked_at() {
    let user = Service::running().registered_user().await;
    let request = user.client.request(Method::POST, REFRESH).bearer("garbage");
    let answer = request.json(&json!({"refresh": user.refresh})).send().await;
    assert_snapshot!(answer.status, @"200 OK");
}

#[tokio::test]
async fn a_form_refreshes_too_with_or_without_a_slash() {
    let user = Service::running().registered_user().await;
    let request = user
        .client
        .request(Method::POST, "/api/v1/users/token/refresh/");
    let answer = request
        .body(
            "application/x-www-form-urlencoded; charset=utf-8",
            format!("refresh={}", user.refresh),
        )
        .send()
        .await;
    assert_snapshot!(answer.status, @"200 OK");
    let wrong = user.client.get(REFRESH).await;
    assert_snapshot!(wrong.status, @"405 Method Not Allowed");
    assert_snapshot!(wrong.header("allow"), @"POST, OPTIONS");
}

#[tokio::test]
async fn a_missing_token_is_a_broken_field() {
    let client = Service::running().client();
    for (body, text) in [
        (json!({}), "This field is required."),
        (json!({"refresh": null}), "This field may not be null."),
        (json!({"refresh": " "}), "This field may not be blank."),
        (json!({"refresh": ["x"]}), "Not a valid string."),
    ] {
        let answer = client.post(REFRESH, &body).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{answer}");
        assert_eq!(*answer.data(), json!({"refresh": [text]}), "{body}");
    }
}

#[tokio::test]
async fn a_lost_answer_is_given_again_byte_for_byte() {
    let service = Service::running();
    let user = service.registered_user().await;
    let next = user.refreshed().await;

    let again = user.refreshed().await;

    assert_eq!(again.refresh, next.refresh);
    assert!(again.has_access().await && next.has_access().await);
    let session = session(&service, &user).await;
    assert_eq!(session["generation"], 1);
    assert_eq!(session["revoked_at"], Value::Null);
    // It is the successor, not a sibling: the chain goes on from it.
    assert_eq!(
        again.refreshed().await.refresh,
        next.refreshed().await.refresh
    );
}

#[tokio::test]
async fn a_token_of_two_generations_ago_is_a_stolen_one() {
    let service = Service::running();
    let user = service.registered_user().await;
    let other = user.another_session().await;
    let second = user.refreshed().await;
    let third = second.refreshed().await;

    let stolen = user.try_refresh().await;

    assert_blacklisted(&stolen);
    assert_ended(&service, &third, "refresh_token_reused").await;
    assert_blacklisted(&second.try_refresh().await);
    assert!(other.has_access().await);
    assert_eq!(other.try_refresh().await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_used_token_after_the_interval_is_a_stolen_one() {
    let service = Service::running();
    let user = service.registered_user().await;
    let next = user.refreshed().await;
    rotated_earlier(&service, &user, 11).await;

    let stolen = user.try_refresh().await;

    assert_blacklisted(&stolen);
    assert_ended(&service, &next, "refresh_token_reused").await;
}

#[tokio::test]
async fn the_interval_is_ten_seconds() {
    let service = Service::running();
    let user = service.registered_user().await;
    let next = user.refreshed().await;
    rotated_earlier(&service, &user, 5).await;
    assert_eq!(user.try_refresh().await.status, StatusCode::OK);
    assert_eq!(next.try_refresh().await.status, StatusCode::OK);
}

#[tokio::test]
async fn without_an_interval_a_token_works_once() {
    let service = Service::with_variables(&[("refresh_reuse_interval", "0")]);
    let user = service.registered_user().await;
    let next = user.refreshed().await;

    let again = user.try_refresh().await;

    assert_blacklisted(&again);
    assert_ended(&service, &next, "refresh_token_reused").await;
}

#[tokio::test]
async fn the_tokens_of_an_ended_session_are_refused() {
    let service = Service::running();
    let user = service.registered_user().await;
    user.post("/api/v1/users/logout", &json!({})).await;
    assert_blacklisted(&user.try_refresh().await);
    assert_eq!(session(&service, &user).await["generation"], 0);
}

#[tokio::test]
async fn the_tokens_of_an_expired_session_are_refused() {
    let service = Service::running();
    let user = service.registered_user().await;
    service
        .execute(
            "update sessions set expires_at = now() where id = $1",
            &[&user.session()],
        )
        .await;
    assert_blacklisted(&user.try_refresh().await);
    assert_eq!(session(&service, &user).await["generation"], 0);
}

#[tokio::test]
async fn the_tokens_of_a_closed_account_are_refused() {
    let service = Service::running();
    let user = service.registered_user().await;
    service
        .execute(
            "update users set is_active = false where id = $1",
            &[&user.id],
        )
        .await;
    assert_snapshot!(user.try_refresh().await.status, @"401 Unauthorized");
    assert_eq!(session(&service, &user).await["generation"], 0);
}

#[tokio::test]
async fn an_access_token_refreshes_nothing() {
    let service = Service::running();
    let user = service.registered_user().await;
    let answer = refresh_with(&user, &user.access).await;
    assert_snapshot!(answer.status, @"401 Unauthorized");
    assert_json_snapshot!(answer.body, {".request_id" => redacted::id()}, @r#"
    {
      "success": false,
      "message": "Authentication failed",
      "error": "Token has wrong type",
      "data": null,
      "meta": {
        "total": 0,
        "limit": 10,
        "page": 1,
        "total_pages": 0,
        "has_next": false,
        "has_previous": false
      },
      "code": "token_not_valid",
      "request_id": "[id]",
      "detail": "Token has wrong type"
    }
    "#);
    assert_snapshot!(answer.header("www-authenticate"), @r#"Bearer realm="api", error="invalid_token""#);
    assert_eq!(session(&service, &user).await["generation"], 0);
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "a table of forgeries")]
async fn forged_and_foreign_tokens_are_refused_and_end_nothing() {
    let service = Service::running();
    let secret = service.jwt_secret();
    let user = service.registered_user().await;
    let other = service.registered_user().await;
    let good = Jwt::read(&user.refresh);
    let issued_at = good.seconds("iat");
    let before = [
        service.state_of(user.id).await,
        service.state_of(other.id).await,
    ];
    for (what, token) in [
        ("garbage", "x".to_owned()),
        ("three dots", "...".to_owned()),
        ("100 kB", "x".repeat(100_000)),
        (
            "another secret",
            good.signed("another secret of at least 32 bytes"),
        ),
        ("no signature", good.unsigned()),
        ("alg none", good.clone().header("alg", "none").unsigned()),
        (
            "alg none, signed",
            good.clone().header("alg", "none").signed(secret),
        ),
        (
            "crit",
            good.clone().header("crit", json!(["exp"])).signed(secret),
        ),
        (
            "expired",
            good.clone().claim("exp", issued_at - 1).signed(secret),
        ),
        ("no exp", good.clone().without_claim("exp").signed(secret)),
        (
            "exp in words",
            good.clone().claim("exp", "tomorrow").signed(secret),
        ),
        (
            "issued in the future",
            good.clone().claim("iat", issued_at + 300).signed(secret),
        ),
        (
            "not yet valid",
            good.clone().claim("nbf", issued_at + 300).signed(secret),
        ),
        (
            "of the old service",
            good.clone()
                .without_claim("sid")
                .without_claim("gen")
                .signed(secret),
        ),
        (
            "no session",
            good.clone().without_claim("sid").signed(secret),
        ),
        (
            "no generation",
            good.clone().without_claim("gen").signed(secret),
        ),
        (
            "a generation to come",
            good.clone().claim("gen", 1).signed(secret),
        ),
        (
            "a generation far off",
            good.clone().claim("gen", u64::MAX).signed(secret),
        ),
        (
            "a negative generation",
            good.clone().claim("gen", -1).signed(secret),
        ),
        (
            "a generation in words",
            good.clone().claim("gen", "0").signed(secret),
        ),
        (
            "an unknown session",
            good.clone()
                .claim("sid", Uuid::new_v4().to_string())
                .signed(secret),
        ),
        (
            "a session of another user",
            good.clone()
                .claim("sid", other.session().to_string())
                .signed(secret),
        ),
        (
            "another user",
            good.clone()
                .claim("user_id", other.id.to_string())
                .signed(secret),
        ),
        (
            "no user",
            good.clone().without_claim("user_id").signed(secret),
        ),
        (
            "a user who is no UUID",
            good.clone().claim("user_id", "1' or '1'='1").signed(secret),
        ),
        (
            "a session that is no UUID",
            good.clone().claim("sid", "../..").signed(secret),
        ),
        (
            "no type",
            good.clone().without_claim("token_type").signed(secret),
        ),
        (
            "claims that are no object",
            jwt::sign(r#"{"alg":"HS256","typ":"JWT"}"#, "[]", secret),
        ),
    ] {
        let answer = refresh_with(&user, &token).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{what}: {answer}");
        assert_eq!(answer.text("/code"), "token_not_valid", "{what}");
        let challenge = answer.header("www-authenticate");
        assert_eq!(
            challenge, r#"Bearer realm="api", error="invalid_token""#,
            "{what}"
        );
        let after = [
            service.state_of(user.id).await,
            service.state_of(other.id).await,
        ];
        assert_eq!(after, before, "{what}");
    }
    assert_eq!(user.try_refresh().await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_token_that_is_none_is_called_invalid() {
    let client = Service::running().client();
    let answer = client.post(REFRESH, &json!({"refresh": "x"})).await;
    assert_snapshot!(answer.status, @"401 Unauthorized");
    assert_snapshot!(answer.text("/detail"), @"Token is invalid or expired");
    assert_snapshot!(answer.text("/code"), @"token_not_valid");
}

async fn refresh_with(user: &TestUser, token: &str) -> e2e::Answer {
    user.client.post(REFRESH, &json!({"refresh": token})).await
}

/// The row of the user's session.
async fn session(service: &Service, user: &TestUser) -> Value {
    let row: String = service
        .value(
            "select row_to_json(sessions)::text from sessions where id = $1",
            &[&user.session()],
        )
        .await;
    serde_json::from_str(&row).expect("JSON")
}

/// As if that many seconds had gone by since the last rotation.
async fn rotated_earlier(service: &Service, user: &TestUser, seconds: i32) {
    service
        .execute(
            "update sessions set rotated_at = rotated_at - make_interval(secs => $2) where id = $1",
            &[&user.session(), &f64::from(seconds)],
        )
        .await;
}

fn assert_blacklisted(answer: &e2e::Answer) {
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{answer}");
    assert_eq!(answer.text("/detail"), "Token is blacklisted");
    assert_eq!(answer.text("/code"), "token_not_valid");
}

/// Nothing of the session works any longer.
async fn assert_ended(service: &Service, user: &TestUser, reason: &str) {
    let session = session(service, user).await;
    assert_eq!(session["revoked_reason"], reason);
    assert!(!user.has_access().await);
    assert_blacklisted(&user.try_refresh().await);
}
