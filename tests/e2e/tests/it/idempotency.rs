//! `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header): a request that is sent again does
//! nothing again, and is answered as it was.

use e2e::{Answer, Client, Jwt, NewAccount, Service, TestUser, random_hex};
use futures::future::join_all;
use http::{Method, StatusCode};
use insta::assert_snapshot;
use serde::Serialize;
use serde_json::{Value, json};

const REGISTER: &str = "/api/v1/users/register";
const PUSH_TOKENS: &str = "/api/v1/users/push-tokens";

/// A key that no other test has, as it stands in the header.
fn new_key() -> String {
    format!("\"{}\"", random_hex(32))
}

async fn register(client: &Client, key: &str, body: &impl Serialize) -> Answer {
    let request = client.request(Method::POST, REGISTER);
    request
        .header("idempotency-key", key)
        .json(body)
        .send()
        .await
}

async fn register_token(user: &TestUser, key: &str, body: &Value) -> Answer {
    let request = user.request(Method::POST, PUSH_TOKENS);
    request
        .header("idempotency-key", key)
        .json(body)
        .send()
        .await
}

/// A registration that was done with a key: who it is, and how to ask once more.
async fn registered(service: &Service) -> (TestUser, NewAccount, String) {
    let (account, key) = (NewAccount::random(), new_key());
    let client = service.client();
    let answer = register(&client, &key, &account).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{answer}");
    let user = TestUser::signed_in(client, &answer, &account.password);
    (user, account, key)
}

fn assert_is_taken(answer: &Answer) {
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{answer}");
    assert_eq!(answer.text("/code"), "validation_failed");
    let text = "A user with this email already exists.";
    assert_eq!(*answer.data(), json!({"email": [text]}));
}

fn assert_is_reused(answer: &Answer) {
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{answer}");
    assert_eq!(answer.text("/code"), "idempotency_key_reused");
    assert_eq!(
        answer.text("/error"),
        "Another request had this Idempotency-Key; a new request needs a new key."
    );
    assert!(answer.data().is_null(), "{answer}");
}

/// An answer without what is new in it each time.
fn lasting(answer: &Answer) -> Value {
    let mut body = answer.body.clone();
    if let Some(tokens) = body.pointer_mut("/data/tokens") {
        tokens["access"] = Value::Null;
    }
    body
}

#[tokio::test]
async fn a_registration_that_is_sent_again_is_answered_as_before() {
    let service = Service::running();
    let (account, key) = (NewAccount::random().push_token(&random_hex(32)), new_key());
    let first = register(&service.client(), &key, &account).await;
    assert_snapshot!(first.status, @"201 Created");
    let user = TestUser::signed_in(service.client(), &first, &account.password);
    let before = service.state_of(user.id).await;

    // From another address, as a telephone has after a while.
    let again = register(&service.client(), &key, &account).await;

    assert_snapshot!(again.status, @"201 Created");
    assert_eq!(lasting(&again), lasting(&first));
    assert_eq!(service.state_of(user.id).await, before);
    let again = TestUser::signed_in(service.client(), &again, &account.password);
    assert_eq!(again.session(), user.session());
    assert!(again.has_access().await && user.has_access().await);
    assert_eq!(again.try_refresh().await.status, StatusCode::OK);
}

#[tokio::test]
async fn of_many_registrations_at_once_one_is_done_and_all_are_answered_so() {
    let service = Service::running();
    let (account, key) = (NewAccount::random(), new_key());
    let clients: Vec<_> = (0..16).map(|_| service.client()).collect();
    let answers = clients
        .iter()
        .map(|client| register(client, &key, &account));
    let answers = join_all(answers).await;

    for answer in &answers {
        assert_eq!(answer.status, StatusCode::CREATED, "{answer}");
        assert_eq!(lasting(answer), lasting(&answers[0]));
    }
    let sessions: i64 = service
        .value(
            "select count(*) from sessions join users on users.id = user_id where email = $1",
            &[&account.email],
        )
        .await;
    assert_eq!(sessions, 1);
}

#[tokio::test]
async fn a_key_is_that_of_one_request() {
    let service = Service::running();
    let (user, account, key) = registered(&service).await;
    let before = service.state_of(user.id).await;
    let others = [
        account.clone().name("Somebody Else"),
        account.clone().password("Nx7! another one"),
        account.clone().preferences(json!({"email": false})),
    ];
    for other in others {
        assert_is_reused(&register(&service.client(), &key, &other).await);
    }
    assert_eq!(service.state_of(user.id).await, before);

    assert_is_taken(&register(&service.client(), &new_key(), &account).await);
    assert_is_taken(&service.client().post(REGISTER, &account).await);
    // Another address has keys of its own.
    let other = NewAccount::random();
    let answer = register(&service.client(), &key, &other).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{answer}");
    assert_eq!(answer.text("/data/email"), other.email);
}

#[tokio::test]
async fn an_account_that_went_on_is_not_for_who_has_only_the_request() {
    let service = Service::running();

    let (user, account, key) = registered(&service).await;
    user.post("/api/v1/users/logout", &json!({})).await;
    assert_is_taken(&register(&service.client(), &key, &account).await);

    let (user, account, key) = registered(&service).await;
    user.refreshed().await;
    assert_is_taken(&register(&service.client(), &key, &account).await);

    let (user, account, key) = registered(&service).await;
    let new = "Nx7! another one";
    let change = json!({
        "old_password": user.password, "new_password": new, "new_password_confirm": new,
    });
    let changed = user.post("/api/v1/users/change-password", &change).await;
    assert_eq!(changed.status, StatusCode::OK, "{changed}");
    assert_is_taken(&register(&service.client(), &key, &account).await);

    let (user, account, key) = registered(&service).await;
    let close = "update users set is_active = false where id = $1";
    service.execute(close, &[&user.id]).await;
    assert_is_taken(&register(&service.client(), &key, &account).await);
}

#[tokio::test]
async fn after_an_erasure_the_same_registration_makes_a_new_account() {
    let service = Service::running();
    let (user, account, key) = registered(&service).await;
    let body = json!({"password": user.password});
    let erasure = user.request(Method::DELETE, "/api/v1/users/account");
    let erased = erasure.json(&body).send().await;
    assert_eq!(erased.status, StatusCode::OK, "{erased}");

    let again = register(&service.client(), &key, &account).await;

    assert_eq!(again.status, StatusCode::CREATED, "{again}");
    assert_ne!(again.text("/data/id"), user.id.to_string());
}

#[tokio::test]
async fn a_refused_request_leaves_its_key_free() {
    let service = Service::running();
    let (account, key) = (NewAccount::random(), new_key());
    let weak = account.clone().password("1234");
    let answer = register(&service.client(), &key, &weak).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{answer}");
    let answer = register(&service.client(), &key, &account).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{answer}");
}

#[tokio::test]
async fn what_is_kept_of_a_registration_holds_no_secret() {
    let service = Service::running();
    let (user, account, key) = registered(&service).await;
    let row: String = service
        .value(
            "select row_to_json(idempotency_keys)::text from idempotency_keys where user_id = $1",
            &[&user.id],
        )
        .await;
    let key = key.trim_matches('"');
    for secret in [&*account.password, &account.email, key, &user.refresh] {
        assert!(!row.contains(secret), "{row}");
    }
    let token = Jwt::read(&user.refresh);
    assert!(
        row.contains(token.claims["sid"].as_str().expect("sid")),
        "{row}"
    );
}

#[tokio::test]
async fn a_push_token_is_registered_once() {
    let service = Service::running();
    let user = service.registered_user().await;
    let body = json!({"token": random_hex(32), "platform": "android", "device_id": "d"});
    let key = new_key();
    let first = register_token(&user, &key, &body).await;
    assert_snapshot!(first.status, @"201 Created");
    user.post(&format!("{PUSH_TOKENS}/deactivate_all"), &json!({}))
        .await;
    let before = service.state_of(user.id).await;

    let again = register_token(&user, &key, &body).await;

    assert_snapshot!(again.status, @"201 Created");
    assert_eq!(again.body, first.body);
    assert_eq!(service.state_of(user.id).await, before, "it stays silent");
    // Without the key it is a new request.
    let anew = user.post(PUSH_TOKENS, &body).await;
    assert_snapshot!(anew.status, @"200 OK");
    assert_eq!(anew.data()["is_active"], true);
}

#[tokio::test]
async fn of_many_registrations_of_a_push_token_at_once_one_is_done() {
    let service = Service::running();
    let user = service.registered_user().await;
    let version = "select version from users where id = $1";
    let before: i64 = service.value(version, &[&user.id]).await;
    let body = json!({"token": random_hex(32), "platform": "web"});
    let key = new_key();
    let answers = join_all((0..16).map(|_| register_token(&user, &key, &body))).await;

    for answer in &answers {
        assert_eq!(answer.status, StatusCode::CREATED, "{answer}");
        assert_eq!(answer.body, answers[0].body);
    }
    let after: i64 = service.value(version, &[&user.id]).await;
    assert_eq!(after, before + 1, "one change");
}

#[tokio::test]
async fn a_key_of_a_push_token_is_its_users_and_that_of_one_request() {
    let service = Service::running();
    let user = service.registered_user().await;
    let key = new_key();
    let body = json!({"token": random_hex(32), "platform": "ios"});
    let first = register_token(&user, &key, &body).await;
    assert_eq!(first.status, StatusCode::CREATED, "{first}");
    let before = service.state_of(user.id).await;

    let other = json!({"token": random_hex(32), "platform": "ios"});
    assert_is_reused(&register_token(&user, &key, &other).await);
    assert_eq!(service.state_of(user.id).await, before);

    let stranger = service.registered_user().await;
    let answer = register_token(&stranger, &key, &other).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{answer}");
}

#[tokio::test]
async fn a_malformed_key_is_refused_and_nothing_is_done() {
    let service = Service::running();
    let user = service.registered_user().await;
    let before = service.state_of(user.id).await;
    let token = json!({"token": random_hex(32), "platform": "web"});
    let account = NewAccount::random();
    let too_long = format!("\"{}\"", "k".repeat(256));
    for key in [
        "",
        "8e03978e-40d5",
        "\"\"",
        "\"a",
        "\"a\", \"b\"",
        &too_long,
    ] {
        for answer in [
            register(&service.client(), key, &account).await,
            register_token(&user, key, &token).await,
        ] {
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{key}: {answer}");
            assert_eq!(answer.text("/code"), "malformed_request");
            let error = answer.text("/error");
            assert!(error.contains("Idempotency-Key"), "{answer}");
        }
    }
    assert_eq!(service.state_of(user.id).await, before);
    let answer = service.client().post(REGISTER, &account).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{answer}");
}

#[tokio::test]
async fn keys_are_forgotten_after_a_day() {
    let service = Service::running();
    let (old, account, key) = registered(&service).await;
    let (young, _, _) = registered(&service).await;
    for (user, hours) in [(&old, 25), (&young, 23)] {
        let age = "update idempotency_keys set created_at = now() - make_interval(hours => $2)
             where user_id = $1";
        assert_eq!(service.execute(age, &[&user.id, &hours]).await, 1);
    }
    let request = service
        .host_client()
        .request(Method::POST, "/internal/sweep");
    let swept = request.bearer(service.internal_secret()).send().await;
    assert_eq!(swept.status, StatusCode::OK, "{swept}");

    let kept = "select user_id from idempotency_keys where user_id = any($1)";
    let kept = service.rows(kept, &[&vec![old.id, young.id]]).await;
    let kept: Vec<uuid::Uuid> = kept.iter().map(|row| row.get(0)).collect();
    assert_eq!(kept, [young.id]);
    assert_is_taken(&register(&service.client(), &key, &account).await);
}
