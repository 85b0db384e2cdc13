//! `POST /api/v1/users/push-tokens/deactivate_all`

use e2e::Service;
use http::{Method, StatusCode};
use insta::assert_snapshot;
use serde_json::json;

use super::{count, create, create_any, list, new_token};

const DEACTIVATE_ALL: &str = "/api/v1/users/push-tokens/deactivate_all";

#[tokio::test]
async fn all_of_ones_own_push_tokens_fall_asleep() {
    let service = Service::running();
    let user = service.registered_user().await;
    let stranger = service.registered_user().await;
    create_any(&stranger).await;
    let stored_of_stranger = service.stored(stranger.id).await;
    for active in [true, true, false] {
        create(
            &user,
            &json!({"token": new_token(), "platform": "web", "is_active": active}),
        )
        .await;
    }
    assert_eq!(count(&user).await, 2);

    let answer = user.post(DEACTIVATE_ALL, &json!({})).await;

    assert_snapshot!(answer.status, @"200 OK");
    assert_snapshot!(answer.text("/message"), @"2 push tokens deactivated successfully");
    assert_snapshot!(answer.data(), @r#"{"deactivated_count":2}"#);
    assert_eq!(count(&user).await, 0);
    let rows = list(&user).await;
    assert_eq!(rows.len(), 3);
    assert!(rows.iter().all(|row| row["is_active"] == false), "{rows:?}");
    assert_eq!(service.stored(stranger.id).await, stored_of_stranger);
    assert_eq!(count(&stranger).await, 1);
}

#[tokio::test]
async fn a_second_time_there_is_nothing_left_to_do() {
    let service = Service::running();
    let user = service.registered_user().await;
    create_any(&user).await;
    for expected in [1, 0, 0] {
        let path = format!("{DEACTIVATE_ALL}/");
        let answer = user.request(Method::POST, &path).send().await;
        assert_eq!(answer.data()["deactivated_count"], expected, "{answer}");
    }
}

#[tokio::test]
async fn only_post_does_it() {
    let service = Service::running();
    let user = service.registered_user().await;
    let before = service.stored(user.id).await;
    for method in [Method::GET, Method::PUT, Method::PATCH, Method::DELETE] {
        let answer = user.request(method, DEACTIVATE_ALL).send().await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{answer}");
    }
    assert_eq!(service.stored(user.id).await, before);
}
