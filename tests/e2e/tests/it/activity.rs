//! `GET /api/v1/users/activity`: what was done to the caller's account.

use e2e::{ADMIN, Service, TestUser, random_hex};
use http::{Method, StatusCode};
use insta::assert_snapshot;
use serde_json::{Value, json};

const ACTIVITY: &str = "/api/v1/users/activity";
const EXPORT: &str = "/api/v1/users/export";

#[tokio::test]
async fn a_user_sees_what_was_done_to_his_account_the_latest_first() {
    let service = Service::running();
    let user = service.registered_user().await;
    service.registered_user().await;
    let thief = TestUser {
        client: service.client(),
        ..user.clone()
    };
    thief.try_login("a guess").await;

    let answer = user.get(ACTIVITY).await;

    assert_snapshot!(answer.status, @"200 OK");
    let [failure, registration] = &answer.data().as_array().expect("a list")[..] else {
        panic!("two acts, not {answer}")
    };
    let act = |act: &Value| {
        let text = |name: &str| act[name].as_str().unwrap_or_default().to_owned();
        (
            text("action"),
            text("outcome"),
            text("by"),
            text("ip_address"),
        )
    };
    let expected = |action: &str, outcome: &str, by: &str, client: &e2e::Client| {
        let texts = [action, outcome, by].map(str::to_owned);
        let [action, outcome, by] = texts;
        (action, outcome, by, client.address().to_string())
    };
    assert_eq!(
        act(failure),
        expected("authn_login_fail", "failure", "anonymous", &thief.client)
    );
    assert_eq!(failure["details"], json!({"reason": "wrong_password"}));
    assert_eq!(
        act(registration),
        expected("user_created", "success", "you", &user.client)
    );
    assert_eq!(answer.body["meta"]["total"], 2);
    let second = user.get(&format!("{ACTIVITY}?limit=1&page=2")).await;
    assert_eq!(second.data()[0]["id"], registration["id"]);
    let refused = user.get(&format!("{ACTIVITY}?page=x")).await;
    assert_eq!(
        refused.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "{refused}"
    );
}

#[tokio::test]
async fn from_where_an_operator_acts_is_not_told() {
    let service = Service::running();
    let user = service.registered_user().await;
    let row = "insert into audit_log (action, outcome, actor_kind, subject_id, client_address, details)
         values ('user_updated', 'success', 'operator', $1, '10.0.0.1', '{\"reason\": \"a note\"}')";
    service.execute(row, &[&user.id]).await;

    let answer = user.get(ACTIVITY).await;

    let acts = answer.data().as_array().expect("a list");
    let act = acts
        .iter()
        .find(|act| act["by"] == "operator")
        .expect("the operator's act");
    assert_eq!(act["ip_address"], Value::Null);
    assert_eq!(act["details"], json!({}));
}

#[tokio::test]
async fn neither_from_where_nor_why_an_administrator_acts_is_told() {
    let service = Service::running();
    let admin = service.staff("admin").await;
    let user = service.registered_user().await;
    let path = format!("{ADMIN}/users/{}/verify", user.id);
    let verify = admin
        .request(Method::POST, &path)
        .header("user-agent", "Firefox of an administrator")
        .json(&json!({"reason": "A note about him."}));
    let verified = verify.send().await;
    assert_eq!(verified.status, StatusCode::OK, "{verified}");

    let told = told_of(&user, "user_verified").await;

    for secret in [
        format!("\"{}\"", admin.client.address()),
        "Firefox".to_owned(),
        "A note".to_owned(),
    ] {
        assert!(!told.contains(&secret), "{secret}: {told}");
    }
}

#[tokio::test]
async fn from_where_a_push_token_was_taken_over_is_not_told() {
    let service = Service::running();
    let (old, new) = (
        service.registered_user().await,
        service.registered_user().await,
    );
    let body = json!({"token": random_hex(32), "platform": "ios"});
    old.post("/api/v1/users/push-tokens", &body).await;
    let moved = new.post("/api/v1/users/push-tokens", &body).await;
    assert_eq!(moved.status, StatusCode::OK, "{moved}");

    let told = told_of(&old, "push_token_moved").await;

    let address = format!("\"{}\"", new.client.address());
    assert!(!told.contains(&address), "{address}: {told}");
}

/// All that `user` is told of what somebody else has done to his account, the `action` among it: by the
/// route of his activity, and by his export.
async fn told_of(user: &TestUser, action: &str) -> String {
    let activity = user.get(ACTIVITY).await;
    let acts = activity.data().as_array().expect("a list");
    let act = acts.iter().find(|act| act["action"] == action);
    let act = act.unwrap_or_else(|| panic!("no {action} in {activity}"));
    assert_eq!(act["by"], "user");
    for name in ["ip_address", "device"] {
        assert_eq!(act[name], Value::Null, "{name}");
    }
    assert_eq!(act["details"], json!({}));

    let export = user.get(EXPORT).await;
    let acts = &export.data()["lists"]["activity"];
    let acts = acts.as_array().expect("a list");
    let act = acts.iter().find(|act| act["action"] == action);
    let act = act.unwrap_or_else(|| panic!("no {action} in {export}"));
    assert_eq!(act["by"], "user");
    for name in ["ip_address", "user_agent"] {
        assert_eq!(act[name], Value::Null, "{name}");
    }
    assert_eq!(act["details"], json!({}));
    format!("{} {}", activity.body, export.body)
}
