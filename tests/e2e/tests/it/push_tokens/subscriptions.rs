//! Web Push subscriptions as push tokens

use e2e::{Answer, NewAccount, Service, TestUser, random_hex};
use http::StatusCode;
use serde_json::{Value, json};

use super::{PUSH_TOKENS, create, list, new_token, stored_token, url};

const P256DH: &str =
    "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
const AUTH: &str = "BTBZMqHH6r4Tts7J_aSIgg";

/// A subscription that no other test has, as a browser gives it.
fn subscription() -> Value {
    json!({
        "endpoint": format!("https://push.example.com/{}", random_hex(32)),
        "expirationTime": null,
        "keys": {"p256dh": P256DH, "auth": AUTH},
    })
}

/// The same with another value at `pointer`.
fn with(pointer: &str, value: &str) -> Value {
    let mut subscription = subscription();
    *subscription.pointer_mut(pointer).expect("a field") = json!(value);
    subscription
}

#[tokio::test]
async fn a_whole_subscription_is_one_token_however_it_is_sent() {
    let service = Service::running();
    let user = service.registered_user().await;
    let subscription = subscription();
    let expected = format!(
        "{{\"endpoint\":{},\"expirationTime\":null,\"keys\":{{\"p256dh\":\"{P256DH}\",\"auth\":\"{AUTH}\"}}}}",
        subscription["endpoint"]
    );
    let text = subscription.to_string();
    for token in [
        json!(text),
        json!(format!(" {subscription:#} ")),
        subscription,
    ] {
        for body in [
            json!({"token": token, "platform": "web"}),
            json!({"token": token, "platform": "web", "token_type": "vapid"}),
        ] {
            let answer = user.post(PUSH_TOKENS, &body).await;
            assert!(answer.status.is_success(), "{answer}");
            assert_eq!(answer.data()["token_type"], "vapid", "{answer}");
            assert_eq!(list(&user).await, [answer.data().clone()]);
            assert_eq!(stored_token(&service, answer.data()).await, expected);
        }
    }
}

#[tokio::test]
async fn a_subscription_is_checked_whole_whatever_type_is_given() {
    let service = Service::running();
    let user = service.registered_user().await;
    let row = create(&user, &json!({"token": new_token(), "platform": "web"})).await;
    let before = service.stored(user.id).await;
    for (bad, pointer) in [
        (with("/endpoint", "http://push.example.com/x"), "/endpoint"),
        (with("/endpoint", "https://10.0.0.1/x"), "/endpoint"),
        (with("/keys/p256dh", &P256DH[..80]), "/keys/p256dh"),
        (with("/keys/auth", P256DH), "/keys/auth"),
        (json!({"endpoint": "https://push.example.com/x"}), "/keys"),
    ] {
        for token in [json!(bad.to_string()), bad] {
            for token_type in [None, Some("vapid"), Some("fcm")] {
                let mut body = json!({"token": token, "platform": "web"});
                if let Some(token_type) = token_type {
                    body["token_type"] = json!(token_type);
                }
                for answer in [
                    user.post(PUSH_TOKENS, &body).await,
                    user.patch(&url(&row), &body).await,
                ] {
                    assert_refused(&answer, &format!("/token{pointer}"));
                }
            }
        }
    }
    assert_eq!(service.stored(user.id).await, before);
}

#[tokio::test]
async fn a_subscription_is_of_no_other_type() {
    let service = Service::running();
    let user = service.registered_user().await;
    let text = subscription().to_string();
    let row = create(&user, &json!({"token": text, "platform": "web"})).await;
    let before = service.stored(user.id).await;
    for token_type in ["fcm", "onesignal"] {
        let body = json!({"token": text, "platform": "web", "token_type": token_type});
        for answer in [
            user.post(PUSH_TOKENS, &body).await,
            user.put(&url(&row), &body).await,
            user.patch(&url(&row), &json!({"token_type": token_type}))
                .await,
        ] {
            assert_refused(&answer, "/token_type");
        }
    }
    assert_eq!(service.stored(user.id).await, before);

    let other = json!({"token": new_token(), "token_type": "fcm"});
    let answer = user.patch(&url(&row), &other).await;
    assert_eq!(answer.data()["token_type"], "fcm", "{answer}");
    let answer = user.patch(&url(&row), &json!({"token": text})).await;
    assert_eq!(answer.data()["token_type"], "vapid", "{answer}");
}

#[tokio::test]
async fn a_change_of_the_type_alone_passes_nothing_off_as_a_subscription() {
    let service = Service::running();
    let user = service.registered_user().await;
    let opaque = format!("{{\"opaque\": \"{}\"}}", random_hex(32));
    let row = create(&user, &json!({"token": opaque, "platform": "web"})).await;
    assert_eq!(row["token_type"], "fcm");
    let vapid = json!({"token_type": "vapid"});
    assert_refused(&user.patch(&url(&row), &vapid).await, "/token_type");
    // As the service before this one has stored it, unchecked.
    let endpoint = format!("{{\"endpoint\": \"http://10.0.0.1/{}\"}}", random_hex(32));
    let import = "update push_tokens set token = $1 where user_id = $2";
    service.execute(import, &[&endpoint, &user.id]).await;
    let before = service.stored(user.id).await;
    assert_refused(&user.patch(&url(&row), &vapid).await, "/token_type");
    assert_eq!(service.stored(user.id).await, before);

    let answer = user
        .patch(&url(&row), &json!({"token_type": "onesignal"}))
        .await;
    assert_eq!(answer.data()["token_type"], "onesignal", "{answer}");
}

#[tokio::test]
async fn a_change_of_the_token_alone_passes_nothing_off_as_a_subscription() {
    let service = Service::running();
    let user = service.registered_user().await;
    let body = json!({
        "token": subscription().to_string(), "platform": "web", "device_id": "browser",
    });
    let row = create(&user, &body).await;
    assert_eq!(row["token_type"], "vapid");

    let opaque = || format!("{{\"opaque\": \"{}\"}}", random_hex(32));
    let answer = user.patch(&url(&row), &json!({"token": opaque()})).await;
    assert_eq!(answer.data()["token_type"], "fcm", "{answer}");

    assert_eq!(create(&user, &body).await["token_type"], "vapid");
    let body = json!({"token": opaque(), "platform": "web", "device_id": "browser"});
    assert_eq!(create(&user, &body).await["token_type"], "fcm");
}

#[tokio::test]
async fn other_texts_may_be_vapid_as_they_always_were() {
    let service = Service::running();
    let user = service.registered_user().await;
    let text = new_token();
    let body = json!({"token": text, "platform": "web", "token_type": "vapid"});
    let row = create(&user, &body).await;
    assert_eq!(row["token_type"], "vapid");
    assert_eq!(stored_token(&service, &row).await, text);
    for token_type in ["fcm", "vapid"] {
        let answer = user
            .patch(&url(&row), &json!({"token_type": token_type}))
            .await;
        assert_eq!(answer.data()["token_type"], token_type, "{answer}");
    }

    let no_json = json!({"token": "{", "platform": "web", "token_type": "vapid"});
    assert_refused(&user.post(PUSH_TOKENS, &no_json).await, "/token");
}

#[tokio::test]
async fn a_registration_may_bring_a_subscription() {
    let service = Service::running();
    let account = NewAccount::random().push_token(&subscription().to_string());
    let user = TestUser::register(service.client(), &account).await;
    let rows = list(&user).await;
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0]["token_type"], "vapid");

    let bad = with("/keys/auth", "x").to_string();
    let account = NewAccount::random().push_token(&bad);
    let answer = service
        .client()
        .post("/api/v1/users/register", &account)
        .await;
    assert_refused(&answer, "/push_token/keys/auth");
}

/// Makes sure that the field at `pointer` is named, and is all that is.
fn assert_refused(answer: &Answer, pointer: &str) {
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{answer}");
    let texts = answer.data().pointer(pointer);
    assert!(texts.is_some_and(Value::is_array), "{pointer}: {answer}");
    assert_eq!(
        answer.data().as_object().map(serde_json::Map::len),
        Some(1),
        "{answer}"
    );
}
