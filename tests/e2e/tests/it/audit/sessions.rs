//! Sessions: their end, and what ends them.

use e2e::Service;
use http::StatusCode;
use serde_json::{Value, json};

use super::{row, trail};

#[tokio::test]
async fn a_logout_is_one_row_and_none_when_repeated() {
    let service = Service::running();
    let user = service.registered_user().await;
    let other = user.another_session().await;
    let logout = async || {
        let body = json!({"refresh_token": other.refresh});
        let answer = user.post("/api/v1/users/logout", &body).await;
        assert_eq!(answer.status, StatusCode::OK, "{answer}");
        answer
    };

    let first = logout().await;
    let expected = row(
        &user.client,
        ("session_expired", "success"),
        ("user", Some(user.id)),
        Some(user.id),
        &json!({"session_id": other.session(), "reason": "logout"}),
    );
    assert_eq!(trail(&service, &first).await, [expected]);
    let again = logout().await;
    assert_eq!(trail(&service, &again).await, Vec::<Value>::new());
}

#[tokio::test]
async fn a_stolen_refresh_token_is_one_row_with_the_session_that_it_ends() {
    let service = Service::running();
    let stolen = service.registered_user().await;
    let renewed = stolen.refreshed().await;
    renewed.refreshed().await;

    let reused = stolen.try_refresh().await;
    assert_eq!(reused.status, StatusCode::UNAUTHORIZED, "{reused}");
    let expected = row(
        &stolen.client,
        ("authn_token_reuse", "failure"),
        ("anonymous", None),
        Some(stolen.id),
        &json!({"session_id": stolen.session()}),
    );
    assert_eq!(trail(&service, &reused).await, [expected]);
    let again = stolen.try_refresh().await;
    assert_eq!(trail(&service, &again).await, Vec::<Value>::new());
}

#[tokio::test]
async fn a_session_too_many_ends_the_oldest_in_a_row_of_its_own() {
    let service = Service::with_variables(&[("sessions_per_user", "1")]);
    let user = service.registered_user().await;
    let answer = user.try_login(&user.password).await;
    assert_eq!(answer.status, StatusCode::OK, "{answer}");

    let rows = trail(&service, &answer).await;
    let expected = row(
        &user.client,
        ("session_expired", "success"),
        ("user", Some(user.id)),
        Some(user.id),
        &json!({"session_id": user.session(), "reason": "too_many_sessions"}),
    );
    assert_eq!(rows.len(), 2, "{rows:?}");
    assert_eq!(rows[0]["action"], "authn_login_success");
    assert_eq!(rows[1], expected);
}
