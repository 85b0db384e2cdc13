//! `GET /api/v1/users/push-tokens`

use e2e::Service;
use http::StatusCode;
use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{PUSH_TOKENS, create, create_any, list, new_token, url};

#[tokio::test]
async fn without_push_tokens_the_list_is_empty() {
    let service = Service::running();
    let user = service.registered_user().await;

    for path in [
        "",
        "/",
        "?page=7",
        "?limit=10&page=2&fields=id&order=platform",
    ] {
        let answer = user.get(&format!("{PUSH_TOKENS}{path}")).await;
        assert_eq!(answer.status, StatusCode::OK, "{answer}");
        assert_eq!(
            answer.text("/message"),
            "Push tokens retrieved successfully"
        );
        assert_eq!(*answer.data(), json!([]));
        let meta = json!({
            "total": 0, "limit": 10, "page": 1, "total_pages": 0,
            "has_next": false, "has_previous": false,
        });
        assert_eq!(answer.body["meta"], meta, "{answer}");
    }
}

#[tokio::test]
async fn pages_hold_all_of_ones_own_rows_newest_first() {
    let service = Service::running();
    let user = service.registered_user().await;
    create_any(&service.registered_user().await).await;
    let mut rows = Vec::new();
    for _ in 0..5 {
        rows.insert(0, create_any(&user).await);
    }

    let meta = |page: u64, next: bool, previous: bool| {
        json!({
            "total": 5, "limit": 2, "page": page, "total_pages": 3,
            "has_next": next, "has_previous": previous,
        })
    };
    for (page, expected, meta) in [
        (1, &rows[0..2], meta(1, true, false)),
        (2, &rows[2..4], meta(2, true, true)),
        (3, &rows[4..5], meta(3, false, true)),
        (4, &rows[4..5], meta(3, false, true)),
        (i64::MAX, &rows[4..5], meta(3, false, true)),
    ] {
        let answer = user
            .get(&format!("{PUSH_TOKENS}?limit=2&page={page}"))
            .await;
        assert_eq!(
            answer.data().as_array().expect("a list"),
            expected,
            "page {page}"
        );
        assert_eq!(answer.body["meta"], meta, "page {page}");
    }
    assert_eq!(list(&user).await, rows);
}

#[tokio::test]
async fn ten_rows_are_a_page_unless_the_client_says_otherwise() {
    let service = Service::running();
    let user = service.registered_user().await;
    for _ in 0..11 {
        create_any(&user).await;
    }
    let answer = user.get(PUSH_TOKENS).await;
    assert_eq!(answer.data().as_array().map(Vec::len), Some(10));
    assert_snapshot!(
        answer.body["meta"],
        @r#"{"total":11,"limit":10,"page":1,"total_pages":2,"has_next":true,"has_previous":false}"#
    );
}

#[tokio::test]
async fn order_sorts_by_a_column_in_either_direction() {
    let service = Service::running();
    let user = service.registered_user().await;
    let mut rows = Vec::new();
    for platform in ["web", "android", "ios"] {
        rows.push(create(&user, &json!({"token": new_token(), "platform": platform})).await);
    }
    let (web, android, ios) = (&rows[0], &rows[1], &rows[2]);
    user.patch(&url(android), &json!({"device_name": "used last"}))
        .await;

    for (order, expected) in [
        ("created_at", [web, android, ios]),
        ("-created_at", [ios, android, web]),
        ("last_used", [web, ios, android]),
        ("-last_used", [android, ios, web]),
        ("platform", [android, ios, web]),
        ("-platform", [web, ios, android]),
    ] {
        let answer = user
            .get(&format!("{PUSH_TOKENS}?order={order}&fields=id"))
            .await;
        let expected: Vec<_> = expected
            .iter()
            .map(|row| json!({"id": row["id"]}))
            .collect();
        assert_eq!(*answer.data(), Value::from(expected), "{order}");
    }
}

#[tokio::test]
async fn fields_leaves_only_what_is_asked_for() {
    let service = Service::running();
    let user = service.registered_user().await;
    let row = create_any(&user).await;

    let of_list = user.get(&format!("{PUSH_TOKENS}?fields=platform,id")).await;
    let of_one = user.get(&format!("{}?fields=platform,id", url(&row))).await;

    let expected = json!({"id": row["id"], "platform": "web"});
    assert_eq!(*of_list.data(), json!([expected]));
    assert_eq!(*of_one.data(), expected);
}

#[tokio::test]
async fn junk_in_the_query_is_refused() {
    let service = Service::running();
    let user = service.registered_user().await;
    for (query, field) in [
        ("page=0", "page"),
        ("page=-1", "page"),
        ("page=x", "page"),
        ("page=", "page"),
        ("page=1.5", "page"),
        ("page=99999999999999999999999999", "page"),
        ("page=1%00", "page"),
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=-5", "limit"),
        ("limit=all", "limit"),
        ("limit=1;drop%20table%20users", "limit"),
        ("order=id", "order"),
        ("order=--platform", "order"),
        ("order=", "order"),
        ("order=created_at;--", "order"),
        ("fields=token", "fields"),
        ("fields=user_id", "fields"),
        ("fields=", "fields"),
    ] {
        let answer = user.get(&format!("{PUSH_TOKENS}?{query}")).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{answer}");
        assert!(answer.data()[field][0].is_string(), "{answer}");
        assert_eq!(answer.data().as_object().map(serde_json::Map::len), Some(1));
    }

    let answer = user
        .get(&format!(
            "{PUSH_TOKENS}?page=x&limit=0&order=id&fields=token"
        ))
        .await;
    let fields: Vec<_> = answer
        .data()
        .as_object()
        .expect("an object")
        .keys()
        .collect();
    assert_eq!(fields, ["page", "limit", "order", "fields"]);
}

#[tokio::test]
async fn unknown_parameters_are_ignored() {
    let service = Service::running();
    let user = service.registered_user().await;
    let row = create_any(&user).await;
    let answer = user
        .get(&format!("{PUSH_TOKENS}?&utm_source=x&a[]=1&=&==&page=1"))
        .await;
    assert_eq!(*answer.data(), json!([row]), "{answer}");
}
