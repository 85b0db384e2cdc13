//! `POST /api/v1/users/token/refresh` with refresh tokens of the service that this one replaces: each
//! that was imported is exchanged for a session, once.

use e2e::{Answer, Jwt, Service, TestUser, random_hex};
use futures::future::join_all;
use http::{Method, StatusCode};
use insta::assert_snapshot;
use serde_json::{Value, json};

const REFRESH: &str = "/api/v1/users/token/refresh";

/// A refresh token as Django's Simple JWT makes it.
struct LegacyToken {
    id: String,
    text: String,
}

impl LegacyToken {
    /// One of `user` that was not imported.
    fn of(service: &Service, user: &TestUser) -> Self {
        let id = random_hex(32);
        let good = Jwt::read(&user.refresh);
        let token = good
            .without_claim("sid")
            .without_claim("gen")
            .without_claim("scope")
            .claim("jti", id.as_str());
        let text = token.signed(service.jwt_secret());
        Self { id, text }
    }

    /// One of `user` that was imported and expires in `hours`.
    async fn imported(service: &Service, user: &TestUser, hours: i32) -> Self {
        let token = Self::of(service, user);
        let import = "insert into legacy_refresh_tokens (jti, user_id, expires_at)
             values ($1, $2, now() + make_interval(hours => $3))";
        service
            .execute(import, &[&token.id, &user.id, &hours])
            .await;
        token
    }

    async fn present(&self, user: &TestUser) -> Answer {
        let body = json!({"refresh": self.text});
        user.client.post(REFRESH, &body).await
    }

    /// The user, in the session that it is exchanged for.
    async fn exchanged(&self, user: &TestUser) -> TestUser {
        let answer = self.present(user).await;
        assert_eq!(answer.status, StatusCode::OK, "{answer}");
        TestUser {
            access: answer.text("/access").to_owned(),
            refresh: answer.text("/refresh").to_owned(),
            ..user.clone()
        }
    }
}

#[tokio::test]
async fn an_imported_token_is_exchanged_for_a_session() {
    let service = Service::running();
    let user = service.registered_user().await;
    let token = LegacyToken::imported(&service, &user, 1).await;

    let next = token.exchanged(&user).await;

    assert_eq!(sessions(&service, &user).await, 2);
    assert_ne!(next.session(), user.session());
    assert!(next.has_access().await);
    assert_eq!(next.refreshed().await.session(), next.session());
    let audited: String = service
        .value(
            "select (to_jsonb(entry) - 'id' - 'occurred_at' - 'request_id')::text
             from audit_log as entry
             where subject_id = $1 and action = 'session_created'",
            &[&user.id],
        )
        .await;
    let audited: Value = serde_json::from_str(&audited).expect("JSON");
    assert_eq!(audited["outcome"], "success");
    assert_eq!(audited["actor_id"], json!(user.id));
    let details = json!({"session_id": next.session(), "by": "legacy_refresh_token"});
    assert_eq!(audited["details"], details);
}

#[tokio::test]
async fn a_token_that_was_not_imported_is_invalid() {
    let service = Service::running();
    let user = service.registered_user().await;
    let other = service.registered_user().await;
    let of_other = LegacyToken::imported(&service, &other, 1).await;
    let stolen = Jwt::read(&of_other.text).claim("user_id", user.id.to_string());
    let bent = LegacyToken {
        id: of_other.id.clone(),
        text: stolen.signed(service.jwt_secret()),
    };
    for token in [LegacyToken::of(&service, &user), bent] {
        let answer = token.present(&user).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{answer}");
        assert_eq!(answer.text("/detail"), "Token is invalid or expired");
        assert_eq!(answer.text("/code"), "token_not_valid");
    }
    assert_eq!(sessions(&service, &user).await, 1);
    of_other.exchanged(&other).await;
}

#[tokio::test]
async fn a_lost_answer_of_an_exchange_is_given_again() {
    let service = Service::running();
    let user = service.registered_user().await;
    let token = LegacyToken::imported(&service, &user, 1).await;

    let first = token.exchanged(&user).await;
    let again = token.exchanged(&user).await;

    assert_eq!(first.refresh, again.refresh);
    assert_eq!(sessions(&service, &user).await, 2);
}

#[tokio::test]
async fn sixteen_exchanges_at_once_begin_one_session() {
    let service = Service::running();
    let user = service.registered_user().await;
    for round in 1..=4 {
        let token = LegacyToken::imported(&service, &user, 1).await;

        let users = join_all((0..16).map(|_| token.exchanged(&user))).await;

        assert!(users.iter().all(|one| one.refresh == users[0].refresh));
        assert_eq!(sessions(&service, &user).await, 1 + round);
    }
}

#[tokio::test]
async fn an_exchanged_token_that_comes_again_later_is_a_stolen_one() {
    let service = Service::running();
    let user = service.registered_user().await;
    let token = LegacyToken::imported(&service, &user, 1).await;
    let next = token.exchanged(&user).await;
    let earlier =
        "update sessions set rotated_at = rotated_at - interval '11 seconds' where id = $1";
    service.execute(earlier, &[&next.session()]).await;

    assert_blacklisted(&token.present(&user).await);

    assert!(!next.has_access().await);
    assert_blacklisted(&next.try_refresh().await);
    let reason = "select revoked_reason from sessions where id = $1";
    let reason: String = service.value(reason, &[&next.session()]).await;
    assert_snapshot!(reason, @"refresh_token_reused");
    assert_blacklisted(&token.present(&user).await);
    assert!(user.has_access().await);
}

#[tokio::test]
async fn an_exchanged_token_is_a_stolen_one_once_its_session_has_gone_on() {
    let service = Service::running();
    let user = service.registered_user().await;
    let token = LegacyToken::imported(&service, &user, 1).await;
    let next = token.exchanged(&user).await.refreshed().await;

    assert_blacklisted(&token.present(&user).await);

    assert!(!next.has_access().await);
}

#[tokio::test]
async fn without_an_interval_an_exchange_is_answered_once() {
    let service = Service::with_variables(&[("refresh_reuse_interval", "0")]);
    let user = service.registered_user().await;
    let token = LegacyToken::imported(&service, &user, 1).await;
    token.exchanged(&user).await;

    assert_blacklisted(&token.present(&user).await);

    assert_eq!(sessions(&service, &user).await, 2);
}

#[tokio::test]
async fn a_token_is_good_for_nothing_after_it_has_expired_or_its_owner_was_closed_out() {
    let service = Service::running();
    for (what, statement) in [
        (
            "expired",
            "update legacy_refresh_tokens set expires_at = now() where user_id = $1",
        ),
        (
            "blacklisted",
            "update legacy_refresh_tokens set ended_at = now() where user_id = $1",
        ),
        ("closed", "update users set is_active = false where id = $1"),
        (
            "a reset is required",
            "update users set password_reset_required_at = now() where id = $1",
        ),
    ] {
        let user = service.registered_user().await;
        let token = LegacyToken::imported(&service, &user, 1).await;
        assert_eq!(service.execute(statement, &[&user.id]).await, 1, "{what}");

        assert_blacklisted(&token.present(&user).await);

        assert_eq!(sessions(&service, &user).await, 1, "{what}");
    }
}

#[tokio::test]
async fn what_ends_a_users_other_sessions_ends_his_legacy_tokens() {
    let service = Service::running();
    let admin = service.staff("admin").await;
    for what in ["password", "others", "administrator"] {
        let user = service.registered_user().await;
        let token = LegacyToken::imported(&service, &user, 1).await;
        let answer = match what {
            "password" => {
                let new = format!("Kx7! {}", random_hex(16));
                let body = json!({
                    "old_password": user.password,
                    "new_password": new,
                    "new_password_confirm": new,
                });
                user.post("/api/v1/users/change-password", &body).await
            }
            "others" => {
                user.post("/api/v1/users/sessions/end_others", &json!({}))
                    .await
            }
            _ => {
                let path = format!("/users/{}/sessions", user.id);
                admin.act(Method::DELETE, &path).await
            }
        };
        assert!(answer.status.is_success(), "{what}: {answer}");

        assert_blacklisted(&token.present(&user).await);
    }
}

#[tokio::test]
async fn an_exchange_ends_the_oldest_session_where_there_would_be_too_many() {
    let service = Service::with_variables(&[("sessions_per_user", "1")]);
    let user = service.registered_user().await;
    assert!(user.has_access().await);
    let token = LegacyToken::imported(&service, &user, 1).await;

    let next = token.exchanged(&user).await;

    assert!(next.has_access().await && !user.has_access().await);
}

#[tokio::test]
async fn a_legacy_token_is_of_no_session_that_a_logout_could_end() {
    let service = Service::running();
    let user = service.registered_user().await;
    let token = LegacyToken::imported(&service, &user, 1).await;

    let body = json!({"refresh_token": token.text});
    let answer = user.post("/api/v1/users/logout", &body).await;

    assert_snapshot!(answer.status, @"400 Bad Request");
    assert!(user.has_access().await);
    assert!(token.exchanged(&user).await.has_access().await);
}

#[tokio::test]
async fn expired_tokens_are_swept() {
    let service = Service::running();
    let user = service.registered_user().await;
    let expired = LegacyToken::imported(&service, &user, -1).await;
    let kept = LegacyToken::imported(&service, &user, 1).await;

    let request = service
        .host_client()
        .request(Method::POST, "/internal/sweep");
    let answer = request.bearer(service.internal_secret()).send().await;

    assert_eq!(answer.status, StatusCode::OK, "{answer}");
    let is_there = "select exists (select from legacy_refresh_tokens where jti = $1)";
    e2e::eventually("it has gone", async || {
        !service.value::<bool>(is_there, &[&expired.id]).await
    })
    .await;
    assert!(service.value::<bool>(is_there, &[&kept.id]).await);
}

async fn sessions(service: &Service, user: &TestUser) -> i64 {
    let count = "select count(*) from sessions where user_id = $1";
    service.value(count, &[&user.id]).await
}

fn assert_blacklisted(answer: &Answer) {
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{answer}");
    assert_eq!(answer.text("/detail"), "Token is blacklisted");
    assert_eq!(answer.text("/code"), "token_not_valid");
}
