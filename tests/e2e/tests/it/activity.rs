//! `GET /api/v1/users/activity`: what was done to the caller's account.

use e2e::Service;
use http::StatusCode;
use insta::assert_snapshot;
use serde_json::{Value, json};

const ACTIVITY: &str = "/api/v1/users/activity";

#[tokio::test]
async fn a_user_sees_what_was_done_to_his_account_the_latest_first() {
    let service = Service::running();
    let user = service.registered_user().await;
    service.registered_user().await;
    let thief = e2e::TestUser {
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
