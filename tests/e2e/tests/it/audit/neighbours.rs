//! Other services and operators: tokens of services, and the replay of dead letters.

use e2e::{Service, ServiceAccount, TOKEN, random_hex};
use http::{Method, StatusCode};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{row, trail};

const CREATED: (&str, &str) = ("authn_token_created", "success");
const REFUSED: (&str, &str) = ("authn_token_created", "failure");

#[tokio::test]
async fn a_token_of_a_service_is_one_row() {
    let service = Service::running();
    let account = ServiceAccount::new(&service, &["users:read", "delivery:decide"]).await;
    let answer = account.try_token().await;
    assert_eq!(answer.status, StatusCode::OK, "{answer}");
    let details = json!({
        "credential_id": account.credential,
        "scope": "users:read delivery:decide",
    });
    let actor = ("service", Some(account.id));
    let expected = row(&account.client, CREATED, actor, Some(account.id), &details);
    assert_eq!(trail(&service, &answer).await, [expected]);
}

#[tokio::test]
async fn a_refused_token_is_one_row_with_the_account_that_was_named() {
    let service = Service::running();
    let account = ServiceAccount::new(&service, &["users:read"]).await;
    let ask = async |name: &str, secret: &str, scope: &str| {
        let request = account.client.request(Method::POST, TOKEN);
        let body = json!({
            "grant_type": "client_credentials",
            "client_id": name,
            "client_secret": secret,
            "scope": scope,
        });
        request.json(&body).send().await
    };
    let refused = |actor, subject, reason| {
        let details = json!({"reason": reason});
        row(&account.client, REFUSED, actor, subject, &details)
    };
    let nobody = ("anonymous", None);

    let answer = ask(&account.name, "wrong", "").await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{answer}");
    let expected = refused(nobody, Some(account.id), "invalid_client");
    assert_eq!(trail(&service, &answer).await, [expected]);

    let unknown = format!("service-{}", random_hex(16));
    let answer = ask(&unknown, &account.secret, "").await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{answer}");
    let expected = refused(nobody, None, "invalid_client");
    assert_eq!(trail(&service, &answer).await, [expected]);

    let answer = ask(&account.name, &account.secret, "delivery:decide").await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{answer}");
    let actor = ("service", Some(account.id));
    let expected = refused(actor, Some(account.id), "invalid_scope");
    assert_eq!(trail(&service, &answer).await, [expected]);
}

#[tokio::test]
async fn a_replay_is_one_row_by_an_operator() {
    let service = Service::running();
    let letter = Uuid::new_v4();
    let insert = "insert into outbox (id, destination, user_id, sequence, type, data, dead_at)
         values ($1, 'elsewhere', $1, 1, 'user.profile_updated', '{}', now())";
    service.execute(insert, &[&letter]).await;
    let client = service.host_client();
    let replay = async |secret: &str| {
        let request = client.request(Method::POST, "/internal/outbox/replay");
        let request = request.json(&json!({"ids": [letter]}));
        request.bearer(secret).send().await
    };

    let refused = replay("wrong").await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED, "{refused}");
    assert_eq!(trail(&service, &refused).await, Vec::<Value>::new());

    let answer = replay(service.internal_secret()).await;
    assert_eq!(answer.data()["replayed"], 1, "{answer}");
    let expected = row(
        &client,
        ("dead_letters_replayed", "success"),
        ("operator", None),
        None,
        &json!({"replayed": 1}),
    );
    assert_eq!(trail(&service, &answer).await, [expected]);
    let take_away = "delete from outbox where id = $1";
    service.execute(take_away, &[&letter]).await;
}
