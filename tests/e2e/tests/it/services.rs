//! `/api/v1/services`: what other services ask for.

mod delivery;
mod introspect;
mod push_tokens;
mod revoke;
mod templates;
mod token;
mod unsubscribe;
mod users;

use e2e::{Answer, Service, SignedInService};
use http::StatusCode;
use serde_json::json;

const USERS: &str = "/api/v1/services/users";

/// All permissions but those that reading users needs, and the routes that need them.
const ROUTES: [(&str, &str); 6] = [
    ("delivery:decide", "/api/v1/services/delivery/decide"),
    ("delivery:decide", "/api/v1/services/delivery/explain"),
    (
        "push-tokens:feedback",
        "/api/v1/services/push-tokens/feedback",
    ),
    ("unsubscribe:link", "/api/v1/services/unsubscribe-links"),
    ("tokens:introspect", "/api/v1/services/introspect"),
    ("tokens:revoke", "/api/v1/services/revoke"),
];

#[tokio::test]
async fn no_other_permission_opens_a_route() {
    let service = Service::running();
    for (needed, path) in ROUTES {
        let others: Vec<_> = [
            "users:read",
            "preferences:read",
            "push-tokens:read",
            "push-tokens:feedback",
            "delivery:decide",
            "templates:preview",
            "unsubscribe:link",
            "tokens:introspect",
            "tokens:revoke",
        ]
        .into_iter()
        .filter(|permission| *permission != needed)
        .collect();
        let caller = SignedInService::new(&service, &others).await;
        assert_forbidden(&caller.post(path, &json!({})).await, needed);

        let caller = SignedInService::new(&service, &[needed]).await;
        let answer = caller.post(path, &json!({})).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{answer}");
    }
}

/// Makes sure that the caller is known, and lacks `permission`.
fn assert_forbidden(answer: &Answer, permission: &str) {
    assert_eq!(answer.status, StatusCode::FORBIDDEN, "{answer}");
    assert_eq!(answer.text("/code"), "forbidden");
    assert_eq!(
        answer.text("/error"),
        format!("This needs the permission {permission}, which the token does not have.")
    );
    assert_eq!(
        answer.header("www-authenticate"),
        format!(r#"Bearer realm="api", error="insufficient_scope", scope="{permission}""#)
    );
    assert!(answer.data().is_null(), "{answer}");
}
