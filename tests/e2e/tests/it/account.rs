//! `DELETE /api/v1/users/account`: the end of an account, and of everything that belongs to it.

use e2e::{Answer, NewAccount, Service, SignedInService, TestUser, random_hex};
use http::{Method, StatusCode};
use insta::assert_snapshot;
use serde_json::{Value, json};

const ACCOUNT: &str = "/api/v1/users/account";
const PUSH_TOKENS: &str = "/api/v1/users/push-tokens";

#[tokio::test]
async fn an_erased_account_leaves_nothing() {
    let service = Service::running();
    let events = service.events().await;
    let user = service.registered_user().await;
    let other = user.another_session().await;
    let token = json!({"token": random_hex(32), "platform": "ios", "device_id": "phone"});
    user.post(PUSH_TOKENS, &token).await;
    let caller = SignedInService::new(&service, &["delivery:decide"]).await;
    let message = json!({"user_id": user.id, "channel": "email", "category": "system"});
    caller
        .post("/api/v1/services/delivery/decide", &message)
        .await;

    let answer = delete(&user, &json!({"password": user.password})).await;

    assert_snapshot!(answer.status, @"200 OK");
    assert_eq!(*answer.data(), Value::Null);
    for (table, column) in [
        ("users", "id"),
        ("user_profiles", "user_id"),
        ("notification_preferences", "user_id"),
        ("push_tokens", "user_id"),
        ("sessions", "user_id"),
        ("delivery_slots", "user_id"),
    ] {
        let count = format!("select count(*) from {table} where {column} = $1");
        let rows: i64 = service.value(&count, &[&user.id]).await;
        assert_eq!(rows, 0, "{table}");
    }
    for session in [&user, &other] {
        assert!(!session.has_access().await);
        assert_eq!(session.try_refresh().await.status, StatusCode::UNAUTHORIZED);
    }
    for name in ["user", "preferences"] {
        let key = format!("us:{{{}}}:{name}", user.id);
        let cached: i64 = service.redis(&["HEXISTS", &key, "document"]).await;
        assert_eq!(cached, 0, "{name}");
    }
    let login = user.try_login(&user.password).await;
    assert_eq!(login.status, StatusCode::UNPROCESSABLE_ENTITY, "{login}");
    let told = events.of(&user.id, 3).await;
    assert_eq!(told[2].routing_key, "user.deleted");
    let left = "select count(*) from outbox where user_id = $1";
    e2e::eventually("its last event is out", async || {
        service.value::<i64>(left, &[&user.id]).await == 0
    })
    .await;
}

#[tokio::test]
async fn without_redis_the_log_of_attempts_is_erased_too() {
    let service = Service::without_redis();
    let (user, stranger) = (
        service.registered_user().await,
        service.registered_user().await,
    );
    let logs = async |user: &TestUser| {
        let count = "select count(*) from rate_limits
                     where key in ('password_change:' || $1::text, 'export:' || $1::text)";
        service.value::<i64>(count, &[&user.id.to_string()]).await
    };
    for user in [&user, &stranger] {
        delete(user, &json!({"password": "wrong"})).await;
        user.get("/api/v1/users/export").await;
        assert_eq!(logs(user).await, 2);
    }

    let answer = delete(&user, &json!({"password": user.password})).await;

    assert_eq!(answer.status, StatusCode::OK, "{answer}");
    assert_eq!((logs(&user).await, logs(&stranger).await), (0, 2));
}

#[tokio::test]
async fn an_erased_accounts_email_may_be_registered_again() {
    let service = Service::running();
    let user = service.registered_user().await;
    delete(&user, &json!({"password": user.password})).await;
    let account = NewAccount::random().email(&user.email);
    let again = TestUser::register(service.client(), &account).await;
    assert_ne!(again.id, user.id);
}

#[tokio::test]
async fn without_the_password_nothing_is_erased() {
    let service = Service::running();
    let user = service.registered_user().await;
    let before = service.state_of(user.id).await;
    for (body, expected) in [
        (
            json!({"password": "another one"}),
            json!(["Password is incorrect."]),
        ),
        (json!({}), json!(["This field is required."])),
        (
            json!({"password": null}),
            json!(["This field may not be null."]),
        ),
    ] {
        let answer = delete(&user, &body).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{answer}");
        assert_eq!(answer.data()["password"], expected, "{answer}");
    }
    assert_eq!(service.state_of(user.id).await, before);
    assert!(user.has_access().await);
}

#[tokio::test]
async fn passwords_are_guessed_here_as_seldom_as_at_a_change() {
    let service = Service::running();
    let user = service.registered_user().await;
    for _ in 0..10 {
        let answer = delete(&user, &json!({"password": "wrong"})).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{answer}");
    }
    let answer = delete(&user, &json!({"password": user.password})).await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS, "{answer}");
    assert_eq!(answer.rate_limit("password_change").remaining, 0);
    assert!(user.has_access().await);
}

#[tokio::test]
async fn other_accounts_stay() {
    let service = Service::running();
    let (user, stranger) = (
        service.registered_user().await,
        service.registered_user().await,
    );
    let before = service.stored(stranger.id).await;
    delete(&user, &json!({"password": user.password})).await;
    assert_eq!(service.stored(stranger.id).await, before);
    assert!(stranger.has_access().await);
}

async fn delete(user: &TestUser, body: &Value) -> Answer {
    user.request(Method::DELETE, ACCOUNT)
        .json(body)
        .send()
        .await
}
