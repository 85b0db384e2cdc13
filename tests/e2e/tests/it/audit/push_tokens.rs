//! Push tokens: one that comes over from another user, and one that its provider calls dead.

use e2e::{NewAccount, Service, SignedInService, TestUser, random_hex};
use http::StatusCode;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{PUSH_TOKENS, row, trail};

#[tokio::test]
async fn a_token_that_moves_is_one_row_about_who_had_it() {
    let service = Service::running();
    let (old, new) = (
        service.registered_user().await,
        service.registered_user().await,
    );
    let token = random_hex(32);
    let body = json!({"token": token, "platform": "ios"});
    let first = old.post(PUSH_TOKENS, &body).await;
    let id = id(&first);
    assert_eq!(trail(&service, &first).await, Vec::<Value>::new());

    // By a registration of the token,
    let moved = new.post(PUSH_TOKENS, &body).await;
    assert_eq!(moved.status, StatusCode::OK, "{moved}");
    assert_eq!(trail(&service, &moved).await, [moved_row(&new, &old, id)]);
    let again = new.post(PUSH_TOKENS, &body).await;
    assert_eq!(trail(&service, &again).await, Vec::<Value>::new());

    // by a change to the token,
    let other = json!({"token": random_hex(32), "platform": "web"});
    let target = self::id(&old.post(PUSH_TOKENS, &other).await);
    let back = old
        .patch(&format!("{PUSH_TOKENS}/{target}"), &json!({"token": token}))
        .await;
    assert_eq!(back.status, StatusCode::OK, "{back}");
    assert_eq!(trail(&service, &back).await, [moved_row(&old, &new, id)]);

    // and by the registration of an account.
    let account = NewAccount::random().push_token(&token);
    let client = service.client();
    let answer = client.post("/api/v1/users/register", &account).await;
    let third = TestUser::signed_in(client, &answer, &account.password);
    let rows = trail(&service, &answer).await;
    assert_eq!(rows.len(), 2, "{rows:?}");
    assert_eq!(rows[0], moved_row(&third, &old, target));
    assert_eq!(rows[1]["action"], "user_created");
}

#[tokio::test]
async fn a_dead_token_is_one_row_by_the_service_that_reports_it() {
    let service = Service::running();
    let caller = SignedInService::new(&service, &["push-tokens:feedback"]).await;
    let user = service.registered_user().await;
    let token = random_hex(32);
    let body = json!({"token": token, "platform": "android"});
    let id = id(&user.post(PUSH_TOKENS, &body).await);
    let report = json!({"token": token, "provider": "fcm", "reason": "UNREGISTERED"});
    let feedback = "/api/v1/services/push-tokens/feedback";

    let first = caller.post(feedback, &report).await;
    assert_eq!(first.data()["deactivated"], true, "{first}");
    let expected = row(
        &caller.account.client,
        ("push_token_deactivated", "success"),
        ("service", Some(caller.account.id)),
        Some(user.id),
        &json!({"push_token_id": id}),
    );
    assert_eq!(trail(&service, &first).await, [expected]);
    let again = caller.post(feedback, &report).await;
    assert_eq!(trail(&service, &again).await, Vec::<Value>::new());
}

fn moved_row(to: &TestUser, from: &TestUser, push_token: Uuid) -> Value {
    row(
        &to.client,
        ("push_token_moved", "success"),
        ("user", Some(to.id)),
        Some(from.id),
        &json!({"push_token_id": push_token}),
    )
}

fn id(answer: &e2e::Answer) -> Uuid {
    answer.text("/data/id").parse().expect("a UUID")
}
