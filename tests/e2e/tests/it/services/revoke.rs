//! `POST /api/v1/services/revoke`: ends the session that a user's token belongs to (RFC 7009).

use e2e::{Service, SignedInService};
use http::StatusCode;
use serde_json::{Value, json};

const REVOKE: &str = "/api/v1/services/revoke";

async fn revoke(caller: &SignedInService, token: &str) {
    let answer = caller.post(REVOKE, &json!({"token": token})).await;
    assert_eq!(answer.status, StatusCode::OK, "{answer}");
    assert!(answer.data().is_null(), "{answer}");
}

#[tokio::test]
async fn either_token_of_a_session_ends_both_and_no_other_session() {
    let service = Service::running();
    let caller = SignedInService::new(&service, &["tokens:revoke"]).await;
    for by_refresh_token in [false, true] {
        let user = service.registered_user().await;
        let other = user.another_session().await;
        assert!(user.has_access().await);
        let token = if by_refresh_token {
            &user.refresh
        } else {
            &user.access
        };

        revoke(&caller, token).await;

        assert!(!user.has_access().await);
        assert_eq!(user.try_refresh().await.status, StatusCode::UNAUTHORIZED);
        assert!(other.has_access().await);
    }
}

#[tokio::test]
async fn the_audit_trail_has_who_ended_it_once() {
    let service = Service::running();
    let caller = SignedInService::new(&service, &["tokens:revoke"]).await;
    let user = service.registered_user().await;
    for _ in 0..2 {
        revoke(&caller, &user.refresh).await;
    }
    let rows = service
        .rows(
            "select actor_kind, actor_id, details::text from audit_log
             where subject_id = $1 and action = 'session_expired'",
            &[&user.id],
        )
        .await;
    let [row] = rows.as_slice() else {
        panic!("{} rows", rows.len());
    };
    assert_eq!(row.get::<_, &str>(0), "service");
    assert_eq!(row.get::<_, uuid::Uuid>(1), caller.account.id);
    let details: Value = serde_json::from_str(row.get(2)).expect("JSON");
    let expected = json!({
        "session_id": user.session().to_string(), "reason": "revoked_by_service",
    });
    assert_eq!(details, expected);
}

#[tokio::test]
async fn what_can_not_be_ended_is_answered_the_same_and_ends_nothing() {
    let service = Service::running();
    let caller = SignedInService::new(&service, &["tokens:revoke"]).await;
    let user = service.registered_user().await;
    let forged = e2e::Jwt::read(&user.refresh).signed("another secret of at least 32 bytes");
    for token in ["x", &forged] {
        revoke(&caller, token).await;
    }
    assert!(user.has_access().await);
    assert_eq!(user.try_refresh().await.status, StatusCode::OK);
}

#[tokio::test]
async fn nobody_is_told_that_a_services_token_has_ended_while_it_lives_on() {
    let service = Service::running();
    let caller = SignedInService::new(&service, &["tokens:revoke"]).await;
    let other = SignedInService::new(&service, &["users:read"]).await;
    for token in [&caller.token, &other.token] {
        let answer = caller.post(REVOKE, &json!({ "token": token })).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{answer}");
        assert_eq!(answer.body["code"], "unsupported_token_type", "{answer}");
        assert_eq!(answer.body["error"], "unsupported_token_type", "{answer}");
        assert!(answer.body["error_description"].is_string(), "{answer}");
        // Neither has ended by it.
        revoke(&caller, "x").await;
    }
}
