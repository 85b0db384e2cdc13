//! `GET /api/v1/users/export`: everything that is known of the caller.

use e2e::{Service, random_hex};
use http::StatusCode;
use insta::assert_snapshot;
use serde_json::{Value, json};

const EXPORT: &str = "/api/v1/users/export";

#[tokio::test]
async fn an_export_holds_all_that_its_manifest_names_and_no_secret() {
    let service = Service::running();
    let user = service.registered_user().await;
    let token = random_hex(32);
    let device = json!({"token": token, "platform": "ios", "device_id": "phone"});
    user.post("/api/v1/users/push-tokens", &device).await;
    user.another_session().await;

    let answer = user.get(EXPORT).await;

    assert_snapshot!(answer.status, @"200 OK");
    let export = answer.data();
    let manifest = &export["manifest"];
    assert_eq!(manifest["format"], "user-service-export");
    assert_eq!(manifest["user_id"], user.id.to_string());
    for object in manifest["objects"].as_array().expect("a list") {
        let name = object["name"].as_str().expect("a name");
        assert!(export[name].is_object(), "{name}");
    }
    let lists = manifest["lists"].as_array().expect("a list");
    let named: Vec<_> = lists
        .iter()
        .map(|list| {
            let name = list["name"].as_str().expect("a name");
            let entries = export["lists"][name].as_array().expect("a list");
            assert_eq!(list["entries"], entries.len());
            assert_eq!(list["is_complete"], true);
            (name, entries.len())
        })
        .collect();
    assert_eq!(
        named,
        [
            ("push_tokens", 1),
            ("sessions", 2),
            ("legacy_refresh_tokens", 0),
            ("roles", 0),
            ("messages", 0),
            ("deliveries", 0),
            ("activity", 2)
        ]
    );
    assert_eq!(export["account"]["email"], user.email);
    let preferences = user.get("/api/v1/users/preferences").await;
    assert_eq!(export["preferences"], *preferences.data());
    let text = answer.body.to_string();
    assert!(!text.contains(&token) && !text.contains("argon2"), "{text}");
}

#[tokio::test]
async fn an_export_tells_who_has_a_role_of_it() {
    let service = Service::running();
    let support = service.staff("support").await;
    let export = support.get(EXPORT).await;
    let roles = export.data()["lists"]["roles"].as_array().expect("a list");
    let [role] = &roles[..] else {
        panic!("one role: {export}");
    };
    assert_eq!(role["role"], "support");
    assert!(
        role["granted_at"].is_string() && role["description"].is_string(),
        "{role}"
    );
    assert!(
        role.get("granted_by").is_none(),
        "that is about somebody else"
    );
}

#[tokio::test]
async fn every_column_that_is_kept_of_a_user_is_exported_or_withheld_by_name() {
    let service = Service::running();
    let user = service.registered_user().await;
    let answer = user.get(EXPORT).await;
    let account = answer.data()["account"].as_object().expect("an object");
    let columns = "select column_name::text from information_schema.columns
         where table_name = 'users' and table_schema = current_schema() order by 1";
    // A secret, and how writes are ordered.
    let others = ["password", "version"];
    for row in service.rows(columns, &[]).await {
        let column: String = row.get(0);
        assert!(
            account.contains_key(&column) || others.contains(&column.as_str()),
            "{column} is not exported"
        );
    }
}

#[tokio::test]
async fn an_export_is_written_down_and_limited() {
    let service = Service::running();
    let user = service.registered_user().await;
    for remaining in (0..5).rev() {
        let answer = user.get(EXPORT).await;
        assert_eq!(answer.status, StatusCode::OK, "{answer}");
        assert_eq!(answer.rate_limit("export").remaining, remaining);
    }
    let sixth = user.get(EXPORT).await;
    assert_snapshot!(sixth.status, @"429 Too Many Requests");
    let rows = "select details from audit_log where subject_id = $1 and action = 'sensitive_read'";
    let rows = service.rows(rows, &[&user.id]).await;
    assert_eq!(rows.len(), 5);
    let activity = user.get("/api/v1/users/activity").await;
    assert_eq!(activity.data()[0]["details"], json!({"object": "export"}));
    assert_ne!(*activity.data(), Value::Null);
}
