//! `/api/v1/services`: what other services ask for.

mod delivery;
mod push_tokens;
mod stand_in;
mod templates;
mod token;
mod unsubscribe;
mod users;

use e2e::Answer;
use http::StatusCode;

const USERS: &str = "/api/v1/services/users";

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
