//! `POST /api/v1/users/push-tokens`

use e2e::Service;
use http::{Method, StatusCode};
use insta::{assert_json_snapshot, assert_snapshot};
use serde_json::json;

use super::{PUSH_TOKENS, count, create, create_any, list, new_token, stored_token, url};
use crate::redacted::{id, moment};

#[tokio::test]
async fn a_new_token_makes_a_row() {
    let service = Service::running();
    let user = service.registered_user().await;

    let body = json!({
        "token": format!("  {}\n", new_token()),
        "platform": "android",
        "token_type": "onesignal",
        "device_id": "dev-1",
        "device_name": "Pixel \u{1F4F1}",
    });
    let answer = user.post(PUSH_TOKENS, &body).await;

    assert_snapshot!(answer.status, @"201 Created");
    assert_snapshot!(answer.text("/message"), @"Push token registered successfully");
    assert_json_snapshot!(answer.data(), {
        ".id" => id(),
        ".last_used" => moment(),
        ".created_at" => moment(),
        ".updated_at" => moment(),
    }, @r#"
    {
      "id": "[id]",
      "token_type": "onesignal",
      "platform": "android",
      "device_id": "dev-1",
      "device_name": "Pixel 📱",
      "is_active": true,
      "last_used": "[moment]",
      "created_at": "[moment]",
      "updated_at": "[moment]"
    }
    "#);
    assert_eq!(list(&user).await, [answer.data().clone()]);
    assert_eq!(count(&user).await, 1);
    assert_eq!(
        stored_token(&service, answer.data()).await,
        body["token"].as_str().expect("a token").trim()
    );
}

#[tokio::test]
async fn what_is_left_out_has_its_default() {
    let service = Service::running();
    let user = service.registered_user().await;

    let row = create_any(&user).await;

    assert_eq!(row["token_type"], "fcm");
    assert_eq!(row["device_id"], "");
    assert_eq!(row["device_name"], "");
    assert_eq!(row["is_active"], true);
}

#[tokio::test]
async fn a_token_can_be_registered_asleep() {
    let service = Service::running();
    let user = service.registered_user().await;

    let body = json!({"token": new_token(), "platform": "web", "is_active": false});
    let row = create(&user, &body).await;

    assert_eq!(row["is_active"], false);
    assert_eq!(count(&user).await, 0, "only active ones count");
}

#[tokio::test]
async fn a_known_token_keeps_its_row_and_becomes_active_again() {
    let service = Service::running();
    let user = service.registered_user().await;
    let token = new_token();
    let body = json!({"token": token, "platform": "android", "device_id": "dev-1", "device_name": "Pixel"});
    let first = create(&user, &body).await;
    user.patch(&url(&first), &json!({"is_active": false})).await;
    assert_eq!(count(&user).await, 0);

    let body = json!({"token": token, "platform": "android", "device_name": "Pixel 9"});
    let again = user.post(PUSH_TOKENS, &body).await;

    assert_snapshot!(again.status, @"200 OK");
    let mut expected = first.clone();
    expected["device_name"] = json!("Pixel 9");
    for time in ["last_used", "updated_at"] {
        expected[time] = again.data()[time].clone();
        assert!(
            again.data()[time].as_str() > first[time].as_str(),
            "{again}"
        );
    }
    assert_eq!(*again.data(), expected);
    assert_eq!(list(&user).await, [expected]);
    assert_eq!(count(&user).await, 1);
}

#[tokio::test]
async fn a_new_token_of_a_known_device_replaces_the_old_one() {
    let service = Service::running();
    let user = service.registered_user().await;
    let (old, new) = (new_token(), new_token());
    let device = |token: &str| json!({"token": token, "platform": "ios", "device_id": "dev-1"});
    let first = create(&user, &device(&old)).await;

    let answer = user.post(PUSH_TOKENS, &device(&new)).await;

    assert_snapshot!(answer.status, @"200 OK");
    assert_eq!(answer.data()["id"], first["id"]);
    assert_eq!(list(&user).await, [answer.data().clone()]);
    assert_eq!(stored_token(&service, answer.data()).await, new);
    let rows: i64 = service
        .value("select count(*) from push_tokens where token = $1", &[&old])
        .await;
    assert_eq!(rows, 0, "the old token is forgotten");
    assert_eq!(count(&user).await, 1);
}

#[tokio::test]
async fn the_same_device_id_on_another_platform_is_another_device() {
    let service = Service::running();
    let user = service.registered_user().await;
    for platform in ["ios", "android", "web"] {
        create(
            &user,
            &json!({"token": new_token(), "platform": platform, "device_id": "dev-1"}),
        )
        .await;
    }
    assert_eq!(list(&user).await.len(), 3);
}

#[tokio::test]
async fn several_tokens_without_a_device_are_allowed() {
    let service = Service::running();
    let user = service.registered_user().await;
    for device in [json!(""), json!(" ")] {
        for _ in 0..2 {
            let body = json!({"token": new_token(), "platform": "web", "device_id": device});
            create(&user, &body).await;
        }
    }
    create_any(&user).await;
    assert_eq!(list(&user).await.len(), 5);
    assert_eq!(count(&user).await, 5);
}

#[tokio::test]
async fn where_token_and_device_are_in_two_rows_the_token_stays() {
    let service = Service::running();
    let user = service.registered_user().await;
    let token = new_token();
    let of_token = create(
        &user,
        &json!({"token": token, "platform": "web", "device_id": "a"}),
    )
    .await;
    create(
        &user,
        &json!({"token": new_token(), "platform": "web", "device_id": "b"}),
    )
    .await;

    let body = json!({"token": token, "platform": "web", "device_id": "b"});
    let answer = user.post(PUSH_TOKENS, &body).await;

    assert_snapshot!(answer.status, @"200 OK");
    assert_eq!(answer.data()["id"], of_token["id"]);
    assert_eq!(answer.data()["device_id"], "b");
    assert_eq!(list(&user).await, [answer.data().clone()]);
    assert_eq!(count(&user).await, 1);
}

#[tokio::test]
async fn a_token_has_up_to_2048_bytes() {
    let service = Service::running();
    let user = service.registered_user().await;
    let fits = format!("{}{}", new_token(), "ä".repeat(1006));
    assert_eq!(fits.len(), 2048);

    let row = create(&user, &json!({"token": fits, "platform": "web"})).await;
    assert_eq!(stored_token(&service, &row).await, fits);

    let before = service.stored(user.id).await;
    let answer = user
        .post(
            PUSH_TOKENS,
            &json!({"token": format!("{fits}x"), "platform": "web"}),
        )
        .await;
    assert_snapshot!(answer.status, @"422 Unprocessable Entity");
    assert_snapshot!(answer.data(), @r#"{"token":["Ensure this field has no more than 2048 bytes."]}"#);
    assert_eq!(service.stored(user.id).await, before);
}

#[tokio::test]
async fn all_broken_rules_are_told_at_once_and_nothing_changes() {
    let service = Service::running();
    let user = service.registered_user().await;
    let before = service.stored(user.id).await;
    for (body, expected) in [
        (
            json!({}),
            json!({
                "token": ["This field is required."],
                "platform": ["This field is required."],
            }),
        ),
        (
            json!({"token": " ", "platform": "tv", "token_type": "apns", "is_active": "q"}),
            json!({
                "token": ["This field may not be blank."],
                "token_type": ["\"apns\" is not a valid choice."],
                "platform": ["\"tv\" is not a valid choice."],
                "is_active": ["Must be a valid boolean."],
            }),
        ),
        (
            json!({
                "token": "a\0b",
                "platform": null,
                "device_id": "x".repeat(256),
                "device_name": "ä".repeat(256),
            }),
            json!({
                "token": ["Null characters are not allowed."],
                "platform": ["This field may not be null."],
                "device_id": ["Ensure this field has no more than 255 characters."],
                "device_name": ["Ensure this field has no more than 255 characters."],
            }),
        ),
        (
            json!({"token": ["x"], "platform": "WEB", "device_id": null, "device_name": {}}),
            json!({
                "token": ["Not a valid string."],
                "platform": ["\"WEB\" is not a valid choice."],
                "device_id": ["This field may not be null."],
                "device_name": ["Not a valid string."],
            }),
        ),
    ] {
        let answer = user.post(PUSH_TOKENS, &body).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{answer}");
        assert_eq!(*answer.data(), expected);
    }
    assert_eq!(service.stored(user.id).await, before);
}

#[tokio::test]
async fn read_only_and_unknown_fields_are_ignored() {
    let service = Service::running();
    let user = service.registered_user().await;
    let other = service.registered_user().await;

    let row = create(&user, &json!({
        "token": new_token(), "platform": "web", "id": other.id, "user_id": other.id, "user": other.id,
        "created_at": "2020-01-01T00:00:00Z", "last_used": null, "x": {},
    })).await;

    assert_ne!(row["id"], json!(other.id));
    assert_ne!(row["created_at"], "2020-01-01T00:00:00Z");
    assert_eq!(list(&user).await, [row]);
    assert_eq!(list(&other).await.len(), 0);
}

#[tokio::test]
async fn old_clients_send_forms_with_a_slash_at_the_end() {
    let service = Service::running();
    let user = service.registered_user().await;

    let answer = user
        .request(Method::POST, "/api/v1/users/push-tokens/")
        .body(
            "application/x-www-form-urlencoded",
            format!(
                "token={}&platform=ios&device_id=a+b&is_active=true",
                new_token()
            ),
        )
        .send()
        .await;

    assert_snapshot!(answer.status, @"201 Created");
    assert_eq!(answer.data()["device_id"], "a b");
}
