//! `GET`, `PUT`, `PATCH`, `DELETE /api/v1/users/push-tokens/{id}`

use e2e::Service;
use http::{Method, StatusCode};
use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{
    PUSH_TOKENS, assert_not_found, count, create, create_any, list, new_token, stored_token, url,
};

const METHODS: [Method; 4] = [Method::GET, Method::PUT, Method::PATCH, Method::DELETE];

#[tokio::test]
async fn a_row_is_answered_as_it_was_made() {
    let service = Service::running();
    let user = service.registered_user().await;
    let row = create_any(&user).await;

    for path in [url(&row), format!("{}/", url(&row))] {
        let answer = user.get(&path).await;
        assert_eq!(answer.status, StatusCode::OK, "{answer}");
        assert_eq!(answer.text("/message"), "Push token retrieved successfully");
        assert_eq!(*answer.data(), row);
    }
}

#[tokio::test]
async fn put_and_patch_change_what_is_given_and_keep_the_rest() {
    let service = Service::running();
    let user = service.registered_user().await;
    let bystander = create_any(&user).await;
    for method in [Method::PUT, Method::PATCH] {
        let row = create(&user, &json!({
            "token": new_token(), "platform": "android", "device_id": method.as_str(), "device_name": "Pixel",
        })).await;
        let active = count(&user).await;
        let token = stored_token(&service, &row).await;

        let change = json!({"device_name": "Firefox", "is_active": false, "id": 1, "x": 2});
        let answer = user.request(method, &url(&row)).json(&change).send().await;

        assert_eq!(answer.status, StatusCode::OK, "{answer}");
        assert_eq!(answer.text("/message"), "Push token updated successfully");
        let mut expected = row.clone();
        expected["device_name"] = json!("Firefox");
        expected["is_active"] = json!(false);
        for time in ["last_used", "updated_at"] {
            expected[time] = answer.data()[time].clone();
        }
        assert!(answer.data()["updated_at"].as_str() > row["updated_at"].as_str());
        assert_eq!(*answer.data(), expected);
        assert_eq!(*user.get(&url(&row)).await.data(), expected);
        assert_eq!(stored_token(&service, &row).await, token);
        assert_eq!(count(&user).await, active.as_u64().expect("a number") - 1);
    }
    assert_eq!(*user.get(&url(&bystander)).await.data(), bystander);
}

#[tokio::test]
async fn a_row_can_get_a_new_token() {
    let service = Service::running();
    let user = service.registered_user().await;
    let row = create_any(&user).await;
    let token = new_token();

    for _ in 0..2 {
        let answer = user
            .patch(&url(&row), &json!({"token": token, "platform": "ios"}))
            .await;
        assert_eq!(answer.status, StatusCode::OK, "{answer}");
        assert_eq!(answer.data()["id"], row["id"]);
        assert_eq!(answer.data()["platform"], "ios");
        assert_eq!(stored_token(&service, &row).await, token);
    }
}

#[tokio::test]
async fn the_token_of_another_own_row_is_refused() {
    let service = Service::running();
    let user = service.registered_user().await;
    let (row, other) = (create_any(&user).await, create_any(&user).await);
    let token = stored_token(&service, &other).await;
    let before = service.stored(user.id).await;

    for method in [Method::PUT, Method::PATCH] {
        let change = json!({"token": token, "device_name": "not to be kept"});
        let answer = user.request(method, &url(&row)).json(&change).send().await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{answer}");
        assert_eq!(
            answer.data()["token"],
            json!(["push token with this token already exists."])
        );
    }
    assert_eq!(service.stored(user.id).await, before);
}

#[tokio::test]
async fn the_token_of_another_own_row_is_named_beside_whatever_else_is_wrong() {
    let service = Service::running();
    let user = service.registered_user().await;
    let (row, other) = (create_any(&user).await, create_any(&user).await);
    let (own, taken) = (
        stored_token(&service, &row).await,
        stored_token(&service, &other).await,
    );

    let change = json!({"token": format!(" {taken} "), "platform": "tv"});
    let answer = user.put(&url(&row), &change).await;
    assert_snapshot!(answer.status, @"422 Unprocessable Entity");
    assert_eq!(
        *answer.data(),
        json!({
            "platform": ["\"tv\" is not a valid choice."],
            "token": ["push token with this token already exists."],
        })
    );

    let answer = user
        .put(&url(&row), &json!({"token": own, "platform": "tv"}))
        .await;
    assert_eq!(
        *answer.data(),
        json!({"platform": ["\"tv\" is not a valid choice."]})
    );
}

#[tokio::test]
async fn the_device_of_another_own_row_is_refused() {
    let service = Service::running();
    let user = service.registered_user().await;
    create(
        &user,
        &json!({"token": new_token(), "platform": "web", "device_id": "a"}),
    )
    .await;
    let row = create(
        &user,
        &json!({"token": new_token(), "platform": "web", "device_id": "b"}),
    )
    .await;
    let before = service.stored(user.id).await;

    let answer = user.put(&url(&row), &json!({"device_id": "a"})).await;

    assert_snapshot!(answer.status, @"422 Unprocessable Entity");
    assert!(answer.data()["device_id"][0].is_string(), "{answer}");
    assert_eq!(service.stored(user.id).await, before);
}

#[tokio::test]
async fn a_refused_change_changes_nothing() {
    let service = Service::running();
    let user = service.registered_user().await;
    let row = create_any(&user).await;
    let before = service.stored(user.id).await;

    let change = json!({
        "token": "x".repeat(2049), "platform": "tv", "token_type": null, "is_active": "q",
        "device_id": "\0", "device_name": "good",
    });
    let answer = user.put(&url(&row), &change).await;

    assert_snapshot!(answer.status, @"422 Unprocessable Entity");
    assert_eq!(
        *answer.data(),
        json!({
            "token": ["Ensure this field has no more than 2048 bytes."],
            "token_type": ["This field may not be null."],
            "platform": ["\"tv\" is not a valid choice."],
            "device_id": ["Null characters are not allowed."],
            "is_active": ["Must be a valid boolean."],
        })
    );
    assert_eq!(service.stored(user.id).await, before);
}

#[tokio::test]
async fn a_deleted_row_is_gone() {
    let service = Service::running();
    let user = service.registered_user().await;
    let (row, other) = (create_any(&user).await, create_any(&user).await);
    assert_eq!(count(&user).await, 2);

    let answer = user.delete(&url(&row)).await;

    assert_snapshot!(answer.status, @"204 No Content");
    assert_eq!(count(&user).await, 1);
    assert_eq!(list(&user).await, [other]);
    for method in METHODS {
        assert_not_found(
            &user
                .request(method, &url(&row))
                .json(&json!({}))
                .send()
                .await,
        );
    }
}

#[tokio::test]
async fn unknown_and_malformed_ids_are_not_found() {
    let service = Service::behind_no_gateway();
    let user = service.registered_user().await;
    create_any(&user).await;
    let before = service.stored(user.id).await;
    for id in [
        "5070ce94-15e7-4802-a218-c99a6e4c66b2",
        "00000000-0000-0000-0000-000000000000",
        "nope",
        "1",
        "-1",
        "null",
        "%00",
        "%FF",
        "%2F",
        "..%2F..%2Fprofile",
        "%7B%7D",
        "5070ce94-15e7-4802-a218-c99a6e4c66b2'--",
        "5070ce94-15e7-4802-a218-c99a6e4c66bg",
        "deactivate_al",
        &"a".repeat(4_000),
    ] {
        for method in METHODS {
            let change = json!({"device_name": "x"});
            let path = format!("{PUSH_TOKENS}/{id}");
            let answer = user.request(method, &path).json(&change).send().await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{answer}");
        }
    }
    assert_eq!(service.stored(user.id).await, before);
}

#[tokio::test]
async fn rows_of_others_are_not_found() {
    let service = Service::running();
    let owner = service.registered_user().await;
    let stranger = service.registered_user().await;
    let row = create_any(&owner).await;
    let before = service.stored(owner.id).await;

    let bodies: [Value; 3] = [
        json!({}),
        json!({"is_active": false}),
        json!({"token": new_token()}),
    ];
    for method in METHODS {
        for body in &bodies {
            let answer = stranger
                .request(method.clone(), &url(&row))
                .json(body)
                .send()
                .await;
            assert_not_found(&answer);
        }
    }

    assert_eq!(service.stored(owner.id).await, before);
    assert_eq!(list(&stranger).await.len(), 0);
}
