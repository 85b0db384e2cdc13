//! `/api/v1/admin/dead-letters`.

use e2e::{Service, eventually};
use http::{Method, StatusCode};
use serde_json::json;
use uuid::Uuid;

use super::{assert_audited, assert_refused, values};

#[tokio::test]
async fn what_could_not_be_delivered_is_seen_and_delivered_again() {
    let service = Service::running();
    let admin = service.staff("admin").await;
    let events = service.events().await;
    let user = service.registered_user().await;
    events.of(&user.id, 1).await;
    let id = Uuid::new_v4();
    let dead = "insert into outbox (id, destination, user_id, sequence, type, data, refusals, last_error, dead_at)
         values ($1, 'rabbitmq', $2, 1000, 'user.updated', '{}', 20, 'no such exchange', now())";
    service.execute(dead, &[&id, &user.id]).await;

    let list = admin.look("/dead-letters?limit=100").await;
    let place = values(&list, "id")
        .iter()
        .position(|known| *known == json!(id));
    let letter = &list.data()[place.unwrap_or_else(|| panic!("{list}"))];
    assert_eq!(letter["user_id"], json!(user.id), "{list}");
    assert_eq!(letter["type"], "user.updated", "{list}");
    assert_eq!(letter["error"], "no such exchange", "{list}");
    assert!(
        letter.get("data").is_none(),
        "what it says is nobody's business: {list}"
    );

    let path = "/dead-letters/replay";
    let unreasoned = admin.request(Method::POST, &format!("{}{path}", e2e::ADMIN));
    let refused = unreasoned.json(&json!({"ids": [id]})).send().await;
    assert_refused(
        &refused,
        StatusCode::UNPROCESSABLE_ENTITY,
        "validation_failed",
    );

    let answer = admin
        .act_with(Method::POST, path, json!({"ids": [id]}))
        .await;
    assert_eq!(answer.data()["replayed"], 1, "{answer}");
    assert_audited(&service, &answer, "dead_letters_replayed", (&admin, None)).await;
    eventually("it is delivered", async || {
        let left = "select count(*) from outbox where id = $1";
        service.drain().await;
        service.value::<i64>(left, &[&id]).await == 0
    })
    .await;
}
