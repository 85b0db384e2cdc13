//! A push token that another user has moves to the caller, since the device did.

use e2e::{NewAccount, Service, TestUser};
use http::Method;
use insta::assert_snapshot;
use serde_json::json;

use super::{
    PUSH_TOKENS, assert_not_found, count, create, create_any, list, new_token, stored_token, url,
};

#[tokio::test]
async fn a_registered_token_of_another_user_moves_with_its_row() {
    let service = Service::running();
    let (old, new) = (
        service.registered_user().await,
        service.registered_user().await,
    );
    let token = new_token();
    let row = create(
        &old,
        &json!({"token": token, "platform": "web", "device_id": "a"}),
    )
    .await;
    let kept = create_any(&old).await;
    // Both objects are in the cache, with their counts.
    assert_eq!((count(&old).await, count(&new).await), (json!(2), json!(0)));

    let body = json!({"token": token, "platform": "android", "device_id": "b"});
    let answer = new.post(PUSH_TOKENS, &body).await;

    assert_snapshot!(answer.status, @"200 OK");
    assert_eq!(answer.data()["id"], row["id"]);
    assert_eq!(answer.data()["created_at"], row["created_at"]);
    assert_eq!(answer.data()["platform"], "android");
    assert_eq!((count(&old).await, count(&new).await), (json!(1), json!(1)));
    assert_eq!(list(&old).await, [kept]);
    assert_eq!(list(&new).await, [answer.data().clone()]);
    for method in [Method::GET, Method::PUT, Method::PATCH, Method::DELETE] {
        assert_not_found(
            &old.request(method, &url(&row))
                .json(&json!({}))
                .send()
                .await,
        );
    }
}

#[tokio::test]
async fn a_token_that_was_asleep_wakes_when_it_moves() {
    let service = Service::running();
    let (old, new) = (
        service.registered_user().await,
        service.registered_user().await,
    );
    let token = new_token();
    create(
        &old,
        &json!({"token": token, "platform": "web", "is_active": false}),
    )
    .await;

    let row = create(&new, &json!({"token": token, "platform": "web"})).await;

    assert_eq!(row["is_active"], true);
    assert_eq!((count(&old).await, count(&new).await), (json!(0), json!(1)));
}

#[tokio::test]
async fn a_token_that_moves_to_a_known_device_takes_its_place() {
    let service = Service::running();
    let (old, new) = (
        service.registered_user().await,
        service.registered_user().await,
    );
    let token = new_token();
    let row = create(&old, &json!({"token": token, "platform": "web"})).await;
    create(
        &new,
        &json!({"token": new_token(), "platform": "web", "device_id": "a"}),
    )
    .await;

    let body = json!({"token": token, "platform": "web", "device_id": "a"});
    let answer = new.post(PUSH_TOKENS, &body).await;

    assert_snapshot!(answer.status, @"200 OK");
    assert_eq!(answer.data()["id"], row["id"]);
    assert_eq!(list(&new).await, [answer.data().clone()]);
    assert_eq!(list(&old).await.len(), 0);
    assert_eq!((count(&old).await, count(&new).await), (json!(0), json!(1)));
}

#[tokio::test]
async fn a_device_id_that_comes_with_a_moved_token_takes_the_place_of_ones_own() {
    let service = Service::running();
    let (old, new) = (
        service.registered_user().await,
        service.registered_user().await,
    );
    let token = new_token();
    create(
        &old,
        &json!({"token": token, "platform": "ios", "device_id": "a"}),
    )
    .await;
    create(
        &new,
        &json!({"token": new_token(), "platform": "ios", "device_id": "a"}),
    )
    .await;

    // No device_id is given, so that the row keeps the one it has.
    let answer = new
        .post(PUSH_TOKENS, &json!({"token": token, "platform": "ios"}))
        .await;

    assert_snapshot!(answer.status, @"200 OK");
    assert_eq!(list(&new).await, [answer.data().clone()]);
    assert_eq!(list(&old).await.len(), 0);
}

#[tokio::test]
async fn changing_a_row_to_another_users_token_moves_it_too() {
    let service = Service::running();
    let (old, new) = (
        service.registered_user().await,
        service.registered_user().await,
    );
    let token = new_token();
    create(&old, &json!({"token": token, "platform": "web"})).await;
    let row = create(
        &new,
        &json!({"token": new_token(), "platform": "web", "device_id": "a"}),
    )
    .await;
    assert_eq!((count(&old).await, count(&new).await), (json!(1), json!(1)));

    let answer = new.patch(&url(&row), &json!({"token": token})).await;

    assert_snapshot!(answer.status, @"200 OK");
    assert_eq!(list(&old).await.len(), 0);
    assert_eq!(list(&new).await, [answer.data().clone()]);
    assert_eq!(stored_token(&service, answer.data()).await, token);
    assert_eq!((count(&old).await, count(&new).await), (json!(0), json!(1)));
}

#[tokio::test]
async fn a_token_given_at_registration_moves_to_the_new_user() {
    let service = Service::running();
    let old = service.registered_user().await;
    let token = new_token();
    let row = create(&old, &json!({"token": token, "platform": "web"})).await;
    assert_eq!(count(&old).await, 1);

    let account = NewAccount::random().push_token(&token);
    let new = TestUser::register(service.client(), &account).await;

    assert_eq!((count(&old).await, count(&new).await), (json!(0), json!(1)));
    assert_eq!(list(&old).await.len(), 0);
    let rows = list(&new).await;
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0]["id"], row["id"]);
}
