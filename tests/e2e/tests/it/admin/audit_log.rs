//! `/api/v1/admin/audit-log`.

use e2e::Service;
use http::{Method, StatusCode};
use serde_json::{Value, json};

use super::{assert_refused, values};

const TRAIL: &str = "/audit-log";

#[tokio::test]
async fn the_trail_is_read_the_newest_first_by_who_whom_and_what() {
    let service = Service::running();
    let admin = service.staff("admin").await;
    let user = service.registered_user().await;
    for act in ["verify", "deactivate", "activate"] {
        admin
            .do_act(Method::POST, &format!("/users/{}/{act}", user.id))
            .await;
    }
    let acts = [
        "user_activated",
        "user_deactivated",
        "user_verified",
        "user_created",
    ];
    let acts: Vec<Value> = acts.iter().map(|act| json!(act)).collect();

    let to_him = admin.look(&format!("{TRAIL}?subject={}", user.id)).await;
    assert_eq!(values(&to_him, "action"), acts, "{to_him}");
    let first = &to_him.data()[0];
    assert_eq!(first["actor_id"], json!(admin.id), "{to_him}");
    assert_eq!(first["details"]["reason"], "Asked by phone.", "{to_him}");
    assert_eq!(first["client_address"], admin.client.address().to_string());

    let by_her = admin
        .look(&format!("{TRAIL}?actor={}&subject={}", admin.id, user.id))
        .await;
    assert_eq!(values(&by_her, "action"), acts[..3], "{by_her}");
    let one = admin
        .look(&format!("{TRAIL}?action=user_verified&subject={}", user.id))
        .await;
    assert_eq!(values(&one, "action"), acts[2..3], "{one}");
    for (query, number) in [
        ("since=2020-01-01T00:00:00Z", 4),
        ("until=2020-01-01T00:00:00Z", 0),
        ("since=2120-01-01T00:00:00Z", 0),
    ] {
        let some = admin
            .look(&format!("{TRAIL}?subject={}&{query}", user.id))
            .await;
        assert_eq!(values(&some, "id").len(), number, "{query}: {some}");
    }

    // In pages, each behind the last row of the one before.
    let path = format!("{TRAIL}?subject={}&limit=3", user.id);
    let page = admin.look(&path).await;
    assert_eq!(page.body["meta"]["has_next"], true, "{page}");
    let last = page.text("/data/2/id");
    let rest = admin.look(&format!("{path}&after={last}")).await;
    assert_eq!(values(&rest, "action"), acts[3..], "{rest}");
    assert_eq!(rest.body["meta"]["has_next"], false, "{rest}");
}

#[tokio::test]
async fn the_trail_is_exported_a_line_a_row() {
    let service = Service::running();
    let admin = service.staff("admin").await;
    let user = service.registered_user().await;
    admin
        .do_act(Method::POST, &format!("/users/{}/verify", user.id))
        .await;

    let path = format!("{}{TRAIL}/export?subject={}", e2e::ADMIN, user.id);
    let answer = admin.request(Method::GET, &path).send_unchecked().await;
    assert_eq!(answer.status, StatusCode::OK, "{answer}");
    assert_eq!(answer.header("content-type"), "application/x-ndjson");
    assert_eq!(answer.header("cache-control"), "no-store");
    let text = std::str::from_utf8(&answer.bytes).expect("text");
    assert!(text.ends_with('\n'), "{text}");
    let rows: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    let listed = admin.look(&format!("{TRAIL}?subject={}", user.id)).await;
    assert_eq!(json!(rows), *listed.data());

    let nothing = format!("{}{TRAIL}/export?subject={}", e2e::ADMIN, user.session());
    let answer = admin.request(Method::GET, &nothing).send_unchecked().await;
    assert_eq!((answer.status, answer.bytes.len()), (StatusCode::OK, 0));
}

#[tokio::test]
async fn junk_in_the_query_is_named() {
    let admin = Service::running().staff("admin").await;
    for path in [TRAIL.to_owned(), format!("{TRAIL}/export")] {
        let answer = admin
            .look(&format!("{path}?actor=me&since=yesterday&limit=x"))
            .await;
        assert_refused(
            &answer,
            StatusCode::UNPROCESSABLE_ENTITY,
            "validation_failed",
        );
        let names: Vec<_> = answer.data().as_object().expect("errors").keys().collect();
        assert_eq!(names, ["actor", "since", "limit"], "{answer}");
    }
}
