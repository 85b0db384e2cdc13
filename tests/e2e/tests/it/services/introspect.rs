//! `POST /api/v1/services/introspect`: whether a token is good right now (RFC 7662).

use e2e::{Answer, Jwt, Service, SignedInService};
use http::{Method, StatusCode};
use serde_json::{Value, json};

const INTROSPECT: &str = "/api/v1/services/introspect";

async fn introspected(caller: &SignedInService, token: &str) -> Value {
    let answer = caller.post(INTROSPECT, &json!({"token": token})).await;
    assert_eq!(answer.status, StatusCode::OK, "{answer}");
    // At the top level as the RFC has it, and in the envelope as all answers.
    assert_eq!(answer.body["active"], answer.data()["active"], "{answer}");
    answer.data().clone()
}

/// Makes sure that nothing but that is told of a token that is not good.
async fn assert_inactive(caller: &SignedInService, token: &str) {
    let introspection = introspected(caller, token).await;
    assert_eq!(introspection, json!({"active": false}), "{token}");
}

#[tokio::test]
async fn a_good_token_of_any_type_is_described() {
    let service = Service::running();
    let caller = SignedInService::new(&service, &["tokens:introspect"]).await;
    let user = service.registered_user().await;
    for (token, token_use) in [
        (&user.access, "access"),
        (&user.refresh, "refresh"),
        (&caller.token, "service"),
    ] {
        let claims = Jwt::read(token).claims;
        let expected = json!({
            "active": true, "token_type": "Bearer", "token_use": token_use,
            "scope": claims["scope"], "sub": claims["user_id"], "sid": claims["sid"],
            "jti": claims["jti"], "exp": claims["exp"],
        });
        assert_eq!(introspected(&caller, token).await, expected);
    }
}

#[tokio::test]
async fn a_form_is_read_as_the_rfc_has_it() {
    let service = Service::running();
    let caller = SignedInService::new(&service, &["tokens:introspect"]).await;
    let user = service.registered_user().await;
    let body = format!("token={}&token_type_hint=refresh_token", user.access);
    let request = caller.request(Method::POST, INTROSPECT);
    let answer: Answer = request
        .body("application/x-www-form-urlencoded", body)
        .send()
        .await;
    assert_eq!(answer.body["active"], true, "{answer}");
}

#[tokio::test]
async fn a_token_that_is_not_good_is_inactive_and_no_more() {
    let service = Service::running();
    let caller = SignedInService::new(&service, &["tokens:introspect"]).await;
    let user = service.registered_user().await;
    let good = Jwt::read(&user.access);
    let secret = service.jwt_secret();
    for token in [
        "x".to_owned(),
        good.unsigned(),
        good.signed("another secret of at least 32 bytes"),
        good.clone().claim("exp", 1).signed(secret),
        good.clone().without_claim("sid").signed(secret),
        good.clone().claim("token_type", "other").signed(secret),
        good.clone()
            .claim("sid", "0190b8e4-8a11-7b22-8c33-9d44ae55bf66")
            .signed(secret),
    ] {
        assert_inactive(&caller, &token).await;
    }
}

#[tokio::test]
async fn a_used_refresh_token_is_inactive_and_its_successor_is_not() {
    let service = Service::running();
    let caller = SignedInService::new(&service, &["tokens:introspect"]).await;
    let user = service.registered_user().await;
    let next = user.refreshed().await;
    assert_inactive(&caller, &user.refresh).await;
    assert_eq!(introspected(&caller, &next.refresh).await["active"], true);
    assert_eq!(introspected(&caller, &user.access).await["active"], true);
}

#[tokio::test]
async fn what_has_ended_is_inactive() {
    let service = Service::running();
    let caller = SignedInService::new(&service, &["tokens:introspect"]).await;
    let logged_out = service.registered_user().await;
    logged_out.post("/api/v1/users/logout", &json!({})).await;
    let closed = service.registered_user().await;
    let close = "update users set is_active = false where id = $1";
    service.execute(close, &[&closed.id]).await;
    for user in [logged_out, closed] {
        assert_inactive(&caller, &user.access).await;
        assert_inactive(&caller, &user.refresh).await;
    }
    let other = SignedInService::new(&service, &["users:read"]).await;
    let disable = "update service_accounts set disabled_at = now() where id = $1";
    service.execute(disable, &[&other.account.id]).await;
    assert_inactive(&caller, &other.token).await;
}
