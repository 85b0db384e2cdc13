//! `POST /api/v1/services/token`

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use e2e::{Answer, Jwt, Service, ServiceAccount, SignedInService, TOKEN};
use http::{Method, StatusCode};
use insta::{assert_json_snapshot, assert_snapshot};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{USERS, assert_forbidden};
use crate::redacted;

const FORM: &str = "application/x-www-form-urlencoded";
const GRANT: &str = "grant_type=client_credentials";

/// The header of HTTP Basic.
fn basic(id: &str, secret: &str) -> String {
    format!("Basic {}", BASE64.encode(format!("{id}:{secret}")))
}

/// A request for a token by HTTP Basic with this form.
async fn ask(account: &ServiceAccount, form: &str) -> Answer {
    account
        .client
        .request(Method::POST, TOKEN)
        .header("authorization", basic(&account.name, &account.secret))
        .body(FORM, form.to_owned())
        .send()
        .await
}

/// Makes sure that there is no token, for the reason of this code.
fn assert_refused(answer: &Answer, status: StatusCode, code: &str) {
    assert_eq!(answer.status, status, "{answer}");
    assert_eq!(answer.text("/code"), code, "{answer}");
    // Where clients of RFC 6749 look.
    assert_eq!(answer.text("/error"), code, "{answer}");
    assert!(!answer.text("/error_description").is_empty(), "{answer}");
}

#[tokio::test]
async fn a_token_stands_at_the_top_and_in_the_envelope() {
    let service = Service::running();
    let account = ServiceAccount::new(&service, &["users:read", "push-tokens:read"]).await;

    let answer = ask(&account, GRANT).await;

    assert_snapshot!(answer.status, @"200 OK");
    assert_json_snapshot!(answer.body, {
        ".access_token" => redacted::token(),
        ".data.access_token" => redacted::token(),
    }, @r#"
    {
      "access_token": "[token]",
      "token_type": "Bearer",
      "expires_in": 600,
      "scope": "users:read push-tokens:read",
      "success": true,
      "message": "Token issued successfully",
      "data": {
        "access_token": "[token]",
        "token_type": "Bearer",
        "expires_in": 600,
        "scope": "users:read push-tokens:read"
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
    let token = Jwt::read(answer.text("/access_token"));
    assert_eq!(token.claims["token_type"], "service");
    assert_eq!(token.claims["user_id"], account.id.to_string());
    assert_eq!(token.claims["sid"], account.credential.to_string());
    assert_eq!(token.claims["scope"], "users:read push-tokens:read");
    assert_eq!(token.seconds("exp") - token.seconds("iat"), 600);
}

#[tokio::test]
async fn a_service_says_who_it_is_by_basic_or_in_the_body() {
    let service = Service::running();
    let account = ServiceAccount::new(&service, &["users:read"]).await;
    let ServiceAccount { name, secret, .. } = &account;
    let request = || account.client.request(Method::POST, TOKEN);
    let escaped = name.replace('-', "%2D");
    for request in [
        request()
            .header("authorization", basic(name, secret))
            .body(FORM, GRANT),
        request()
            .header("authorization", basic(&escaped, secret))
            .json(&json!({"grant_type": "client_credentials"})),
        request().body(
            "application/x-www-form-urlencoded; charset=utf-8",
            format!("{GRANT}&client_id={name}&client_secret={secret}"),
        ),
        request().json(&json!({
            "grant_type": "client_credentials", "client_id": name, "client_secret": secret,
        })),
    ] {
        let answer = request.send().await;
        assert_eq!(answer.status, StatusCode::OK, "{answer}");
    }
}

#[tokio::test]
async fn a_part_of_the_scope_can_be_asked_for_and_nothing_more() {
    let service = Service::running();
    let account = ServiceAccount::new(&service, &["users:read", "preferences:read"]).await;

    let part = ask(&account, &format!("{GRANT}&scope=preferences:read")).await;
    assert_eq!(part.text("/scope"), "preferences:read", "{part}");
    let caller = SignedInService {
        token: part.text("/access_token").to_owned(),
        account: account.clone(),
    };
    let url = format!("{USERS}/{}", Uuid::new_v4());
    assert_forbidden(&caller.get(&url).await, "users:read");
    let preferences = caller.get(&format!("{url}/preferences")).await;
    assert_eq!(preferences.status, StatusCode::NOT_FOUND, "{preferences}");

    for scope in ["push-tokens:read", "users:read+push-tokens:read", "admin"] {
        let answer = ask(&account, &format!("{GRANT}&scope={scope}")).await;
        assert_refused(&answer, StatusCode::BAD_REQUEST, "invalid_scope");
    }
    let empty = ask(&account, &format!("{GRANT}&scope=")).await;
    assert_eq!(empty.text("/scope"), "users:read preferences:read");
}

#[tokio::test]
async fn an_unknown_client_and_a_wrong_secret_are_answered_the_same() {
    let service = Service::running();
    let account = ServiceAccount::new(&service, &["users:read"]).await;
    let other = ServiceAccount::new(&service, &["users:read"]).await;
    let mut answers = Vec::new();
    for (name, secret) in [
        (account.name.as_str(), "uss_wrong"),
        (&account.name, ""),
        (&account.name, &account.secret.to_uppercase()),
        (&account.name, &other.secret),
        ("nobody", &account.secret),
        ("' or true --", "' or true --"),
        ("\u{0}", "\u{0}"),
    ] {
        let body = json!({
            "grant_type": "client_credentials", "client_id": name, "client_secret": secret,
        });
        let mut answer = account.client.post(TOKEN, &body).await;
        assert_refused(&answer, StatusCode::UNAUTHORIZED, "invalid_client");
        assert_eq!(answer.header("www-authenticate"), r#"Basic realm="api""#);
        answer.body["request_id"] = Value::Null;
        answers.push(answer.body);
    }
    assert!(answers.windows(2).all(|pair| pair[0] == pair[1]));
}

#[tokio::test]
async fn what_is_no_request_for_a_token_is_refused_as_rfc_6749_says() {
    let service = Service::behind_no_gateway();
    let account = ServiceAccount::new(&service, &["users:read"]).await;
    for (form, code) in [
        ("", "invalid_request"),
        ("scope=users:read", "invalid_request"),
        ("grant_type=password", "unsupported_grant_type"),
        (
            "grant_type=authorization_code&code=x",
            "unsupported_grant_type",
        ),
        (
            &format!("{GRANT}&client_id=x&client_secret=y"),
            "invalid_request",
        ),
    ] {
        let answer = ask(&account, form).await;
        assert_refused(&answer, StatusCode::BAD_REQUEST, code);
    }
    let twice = account
        .client
        .request(Method::POST, TOKEN)
        .header("authorization", basic(&account.name, &account.secret))
        .header("authorization", basic(&account.name, &account.secret))
        .body(FORM, GRANT)
        .send()
        .await;
    assert_refused(&twice, StatusCode::BAD_REQUEST, "invalid_request");
    for value in [
        "Basic",
        "Basic !",
        "Bearer x",
        "Basic 😀",
        &basic("x", "%zz"),
    ] {
        let request = account.client.request(Method::POST, TOKEN);
        let request = request.header("authorization", value).body(FORM, GRANT);
        let answer = request.send().await;
        assert_refused(&answer, StatusCode::UNAUTHORIZED, "invalid_client");
    }
    for body in [json!([]), json!("x"), json!({"client_id": {}})] {
        let answer = account.client.post(TOKEN, &body).await;
        assert!(answer.status.is_client_error(), "{answer}");
    }
    let malformed = account.client.request(Method::POST, TOKEN);
    let malformed = malformed.body("application/json", "{").send().await;
    assert_eq!(malformed.text("/code"), "malformed_request");
}

#[tokio::test]
async fn what_has_ended_gets_no_token() {
    let service = Service::running();
    for end in [
        "update service_credentials set revoked_at = now() where service_account_id = $1",
        "update service_credentials set expires_at = now() where service_account_id = $1",
        "update service_accounts set disabled_at = now() where id = $1",
        "delete from service_accounts where id = $1",
    ] {
        let account = ServiceAccount::new(&service, &["users:read"]).await;
        account.token().await;
        service.execute(end, &[&account.id]).await;
        let answer = account.try_token().await;
        assert_refused(&answer, StatusCode::UNAUTHORIZED, "invalid_client");
    }
}

#[tokio::test]
async fn what_has_ended_ends_its_tokens() {
    let service = Service::running();
    let without_redis = Service::without_redis();
    for end in [
        "update service_credentials set revoked_at = now() where service_account_id = $1",
        "update service_credentials set expires_at = now() where service_account_id = $1",
        "update service_accounts set disabled_at = now() where id = $1",
        "update service_accounts set permissions = '{preferences:read}' where id = $1",
        "delete from service_accounts where id = $1",
    ] {
        // With Redis when it has forgotten, which it does after a minute.
        let caller = SignedInService::new(&service, &["users:read"]).await;
        assert!(has_access(&caller).await);
        service.execute(end, &[&caller.account.id]).await;
        service.redis::<i64>(&["DEL", &caller.live_key()]).await;
        assert!(!has_access(&caller).await, "{end}");

        // Without Redis at once.
        let caller = SignedInService::new(&without_redis, &["users:read"]).await;
        assert!(has_access(&caller).await);
        without_redis.execute(end, &[&caller.account.id]).await;
        assert!(!has_access(&caller).await, "{end}");
    }
}

#[tokio::test]
async fn a_live_token_is_remembered_for_a_minute() {
    let service = Service::running();
    let caller = SignedInService::new(&service, &["users:read"]).await;
    assert!(has_access(&caller).await);
    e2e::eventually("the token is remembered", async || {
        let ttl: i64 = service.redis(&["TTL", &caller.live_key()]).await;
        (0..=60).contains(&ttl)
    })
    .await;
}

#[tokio::test]
async fn an_account_may_have_two_secrets_and_one_may_end() {
    let service = Service::running();
    let old = ServiceAccount::new(&service, &["users:read"]).await;
    let new = old.with_new_secret(&service).await;
    assert_ne!(old.token().await, new.token().await);
    let new = new.signed_in().await;
    let revoke = "update service_credentials set revoked_at = now() where id = $1";
    service.execute(revoke, &[&old.credential]).await;
    assert_eq!(old.try_token().await.status, StatusCode::UNAUTHORIZED);
    assert!(has_access(&new).await);
}

#[tokio::test]
async fn token_requests_are_limited_by_address() {
    let limits = r#"{"service_token": {"limit": 3, "window": 60}}"#;
    let service =
        Service::with_variables(&[("rate_limits", limits), ("service_token_lifetime", "30")]);
    let account = ServiceAccount::new(&service, &["users:read"]).await;
    let wrong = ServiceAccount {
        secret: "uss_wrong".to_owned(),
        ..account.clone()
    };
    let first = account.try_token().await;
    assert_eq!(first.body["expires_in"], 30, "{first}");
    assert_eq!(first.rate_limit("service_token").remaining, 2);
    for _ in 0..2 {
        assert_eq!(wrong.try_token().await.status, StatusCode::UNAUTHORIZED);
    }
    let refused = account.try_token().await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS, "{refused}");
    assert_eq!(
        refused.text("/error"),
        "Too many token requests. Please try again later."
    );
    let elsewhere = ServiceAccount {
        client: service.client(),
        ..account
    };
    assert_eq!(elsewhere.try_token().await.status, StatusCode::OK);
}

#[tokio::test]
async fn requests_of_a_service_are_limited_by_its_account() {
    let limits = r#"{"general": {"rate": 1, "burst": 2}}"#;
    let service = Service::with_variables(&[("rate_limits", limits)]);
    let caller = SignedInService::new(&service, &["users:read"]).await;
    let url = format!("{USERS}/{}", Uuid::new_v4());
    let mut statuses = Vec::new();
    for _ in 0..4 {
        statuses.push(caller.get(&url).await.status);
    }
    assert!(statuses.contains(&StatusCode::TOO_MANY_REQUESTS));
    assert_eq!(statuses[0], StatusCode::NOT_FOUND);
}

/// Whether the token is honoured, by the status of a request for nobody.
async fn has_access(caller: &SignedInService) -> bool {
    let answer = caller.get(&format!("{USERS}/{}", Uuid::new_v4())).await;
    assert!(
        [StatusCode::NOT_FOUND, StatusCode::UNAUTHORIZED].contains(&answer.status),
        "{answer}"
    );
    answer.status == StatusCode::NOT_FOUND
}
