//! `/api/v1/services/users/{id}`, what is below it, and `/api/v1/services/users/lookup`

use e2e::{Answer, Service, SignedInService, TestUser, eventually, random_hex};
use http::StatusCode;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{USERS, assert_forbidden};

const LOOKUP: &str = "/api/v1/services/users/lookup";
const ALL: [&str; 3] = ["users:read", "preferences:read", "push-tokens:read"];

/// The URL of a user, with what is below.
fn url(user: &TestUser, below: &str) -> String {
    format!("{USERS}/{}{below}", user.id)
}

/// Registers a push token of a device and answers its value.
async fn push_token(user: &TestUser, body: Value) -> String {
    let token = random_hex(32);
    let mut body = body;
    body["token"] = json!(token);
    body["platform"] = json!("android");
    let answer = user.post("/api/v1/users/push-tokens", &body).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{answer}");
    token
}

fn assert_ok(answer: &Answer) {
    assert_eq!(answer.status, StatusCode::OK, "{answer}");
}

#[tokio::test]
async fn a_user_is_shown_as_he_sees_himself() {
    let service = Service::running();
    let user = service.registered_user().await;
    let caller = SignedInService::new(&service, &ALL).await;
    for bio in ["first", "second"] {
        let change = json!({"profile": {"bio": bio}});
        assert_ok(&user.patch("/api/v1/users/profile", &change).await);
        for _ in 0..2 {
            let seen = caller.get(&url(&user, "")).await;
            assert_ok(&seen);
            assert_eq!(seen.data()["profile"]["bio"], bio);
            let own = user.get("/api/v1/users/profile").await;
            assert_eq!(seen.data(), own.data());
        }
    }
}

#[tokio::test]
async fn preferences_are_shown_as_the_user_sees_them() {
    let service = Service::running();
    let user = service.registered_user().await;
    let caller = SignedInService::new(&service, &ALL).await;
    for limit in [7, 8] {
        let change = json!({"frequency_limit": limit});
        assert_ok(&user.patch("/api/v1/users/preferences", &change).await);
        for _ in 0..2 {
            let seen = caller.get(&url(&user, "/preferences")).await;
            assert_ok(&seen);
            assert_eq!(seen.data()["frequency_limit"], limit);
            let own = user.get("/api/v1/users/preferences").await;
            assert_eq!(seen.data(), own.data());
        }
    }
}

#[tokio::test]
async fn what_a_service_has_read_is_cached_for_the_user_too() {
    let service = Service::running();
    let user = service.registered_user().await;
    let caller = SignedInService::new(&service, &ALL).await;
    for document in ["user", "preferences"] {
        let key = format!("us:{{{}}}:{document}", user.id);
        service.redis::<i64>(&["DEL", &key]).await;
        let below = if document == "user" {
            ""
        } else {
            "/preferences"
        };
        assert_ok(&caller.get(&url(&user, below)).await);
        eventually("it is cached", async || {
            service.redis::<i64>(&["HEXISTS", &key, "document"]).await == 1
        })
        .await;
    }
}

#[tokio::test]
async fn the_active_push_tokens_are_shown_with_their_values() {
    let service = Service::running();
    let user = service.registered_user().await;
    let caller = SignedInService::new(&service, &ALL).await;
    let none = caller.get(&url(&user, "/push-tokens")).await;
    assert_eq!(none.data(), &json!([]), "{none}");

    let first = push_token(&user, json!({"device_id": "a", "device_name": "Pixel"})).await;
    push_token(&user, json!({"device_id": "b", "is_active": false})).await;
    let last = push_token(&user, json!({"token_type": "onesignal"})).await;
    let stranger = service.registered_user().await;
    push_token(&stranger, json!({})).await;

    let seen = caller.get(&url(&user, "/push-tokens")).await;
    assert_ok(&seen);
    let values: Vec<_> = seen
        .data()
        .as_array()
        .expect("a list")
        .iter()
        .map(|row| row["token"].as_str().expect("a token"))
        .collect();
    assert_eq!(values, [&last, &first], "{seen}");
    // Else as the user sees them.
    let own = user.get("/api/v1/users/push-tokens").await;
    let own = own.data().as_array().expect("a list").iter();
    let mut own: Vec<Value> = own
        .filter(|row| row["is_active"] == true)
        .cloned()
        .collect();
    for (row, token) in own.iter_mut().zip([&last, &first]) {
        row["token"] = json!(token);
    }
    let mut seen = seen.data().as_array().expect("a list").clone();
    seen.iter_mut().for_each(Value::sort_all_objects);
    own.iter_mut().for_each(Value::sort_all_objects);
    assert_eq!(seen, own);
}

#[tokio::test]
async fn nobody_and_what_is_no_identifier_are_not_found() {
    let service = Service::behind_no_gateway();
    let caller = SignedInService::new(&service, &ALL).await;
    for id in [
        &Uuid::new_v4().to_string(),
        &Uuid::nil().to_string(),
        "x",
        "1",
        "%00",
        "%2e%2e",
        "urn:uuid:0190b8e4-7f2a-7c3d-9e1f-5a6b7c8d9e0f",
        "0190b8e47f2a7c3d9e1f5a6b7c8d9e0f",
    ] {
        for below in ["", "/preferences", "/push-tokens"] {
            let answer = caller.get(&format!("{USERS}/{id}{below}")).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{answer}");
            assert_eq!(answer.text("/error"), "User not found", "{answer}");
        }
    }
}

#[tokio::test]
async fn each_route_needs_its_permission() {
    let service = Service::running();
    let user = service.registered_user().await;
    push_token(&user, json!({})).await;
    for needed in ALL {
        let others: Vec<_> = ALL.into_iter().filter(|other| *other != needed).collect();
        let caller = SignedInService::new(&service, &others).await;
        let answer = match needed {
            "users:read" => {
                let body = json!({"ids": [user.id]});
                assert_forbidden(&caller.post(LOOKUP, &body).await, needed);
                caller.get(&url(&user, "")).await
            }
            "preferences:read" => caller.get(&url(&user, "/preferences")).await,
            _ => caller.get(&url(&user, "/push-tokens")).await,
        };
        assert_forbidden(&answer, needed);
    }
}

#[tokio::test]
async fn users_are_looked_up_in_the_order_in_which_they_are_asked_for() {
    let service = Service::running();
    let caller = SignedInService::new(&service, &ALL).await;
    let (ada, bob) = (
        service.registered_user().await,
        service.registered_user().await,
    );
    push_token(&bob, json!({})).await;
    let nobody = Uuid::new_v4();
    let bob_in_capitals = bob.id.to_string().to_uppercase();

    let body = json!({"ids": [bob.id, nobody, ada.id, bob_in_capitals]});
    let by_id = caller.post(LOOKUP, &body).await;
    let body = json!({"emails": [bob.email, "nobody@example.com", ada.email.to_uppercase()]});
    let by_email = caller.post(LOOKUP, &body).await;

    let mut expected = Vec::new();
    for user in [&bob, &ada] {
        expected.push(caller.get(&url(user, "")).await.data().clone());
    }
    let expected = Value::from(expected);
    assert_ok(&by_id);
    assert_eq!(by_id.data()["users"], expected);
    assert_eq!(by_id.data()["missing"], json!([nobody]));
    assert_ok(&by_email);
    assert_eq!(by_email.data()["users"], expected);
    assert_eq!(by_email.data()["missing"], json!(["nobody@example.com"]));
}

#[tokio::test]
async fn five_hundred_users_are_looked_up_at_once_and_not_one_more() {
    let service = Service::running();
    let caller = SignedInService::new(&service, &ALL).await;
    let user = service.registered_user().await;
    let mut ids: Vec<Uuid> = (0..499).map(|_| Uuid::new_v4()).collect();
    ids.push(user.id);
    let answer = caller.post(LOOKUP, &json!({"ids": ids})).await;
    assert_ok(&answer);
    assert_eq!(answer.data()["users"][0]["id"], user.id.to_string());
    assert_eq!(answer.data()["missing"], json!(ids[..499]));

    ids.push(Uuid::new_v4());
    let answer = caller.post(LOOKUP, &json!({"ids": ids})).await;
    assert_invalid(
        &answer,
        &json!({"ids": ["Ensure this field has no more than 500 elements."]}),
    );
}

#[tokio::test]
async fn a_lookup_that_can_not_be_made_says_what_is_wrong_with_which_place() {
    let service = Service::running();
    let caller = SignedInService::new(&service, &ALL).await;
    let user = service.registered_user().await;
    for (body, errors) in [
        (json!({}), json!({"error": ["Give either ids or emails."]})),
        (
            json!({"ids": [user.id], "emails": [user.email]}),
            json!({"error": ["Give either ids or emails."]}),
        ),
        (
            json!({"ids": []}),
            json!({"ids": ["This list may not be empty."]}),
        ),
        (
            json!({"ids": user.id}),
            json!({"ids": ["Expected a list of items."]}),
        ),
        (
            json!({"ids": [user.id, "x", null]}),
            json!({"ids": {"1": ["Must be a valid UUID."], "2": ["Not a valid string."]}}),
        ),
        (
            json!({"emails": ["x"]}),
            json!({"emails": {"0": ["Enter a valid email address."]}}),
        ),
    ] {
        assert_invalid(&caller.post(LOOKUP, &body).await, &errors);
    }
}

fn assert_invalid(answer: &Answer, errors: &Value) {
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{answer}");
    assert_eq!(answer.data(), errors, "{answer}");
}
