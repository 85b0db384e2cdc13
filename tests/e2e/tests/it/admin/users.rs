//! `GET /api/v1/admin/users` and `GET /api/v1/admin/users/{id}`.

use std::collections::BTreeSet;

use e2e::{NewAccount, Service, TestUser, random_hex};
use http::{Method, StatusCode};
use serde_json::{Value, json};

use super::{assert_refused, ids, values};

/// Three users whose e-mail addresses begin alike, in their order, and how they begin.
async fn three(service: &Service) -> (String, [TestUser; 3]) {
    let prefix = format!("zz{}", random_hex(12));
    let register = async |number: u32| {
        let account = NewAccount::random()
            .email(&format!("{prefix}{number}@example.com"))
            .name(&format!("{prefix} Nr{number}"));
        TestUser::register(service.client(), &account).await
    };
    let users = [register(1).await, register(2).await, register(3).await];
    (prefix, users)
}

#[tokio::test]
async fn users_are_found_by_how_their_address_name_or_identifier_begins() {
    let service = Service::running();
    let admin = service.staff("admin").await;
    let (prefix, [first, second, third]) = three(&service).await;

    let all = ids(&[&first, &second, &third]);
    for search in [&prefix, &prefix.to_uppercase(), &format!("{prefix}%20nr")] {
        let found = admin
            .look(&format!("/users?search={search}&order=email"))
            .await;
        assert_eq!(values(&found, "id"), all, "{found}");
        assert_eq!(found.body["meta"]["total"], 3, "{found}");
    }
    for search in [
        &second.email,
        &second.username,
        &second.id.to_string(),
        &second.id.to_string()[..34],
        &format!("{prefix} nr2").replace(' ', "%20"),
    ] {
        let found = admin.look(&format!("/users?search={search}")).await;
        assert_eq!(values(&found, "id"), ids(&[&second]), "{search}: {found}");
    }
    // What stands for anything in SQL stands for itself here.
    let none = admin.look(&format!("/users?search={prefix}%25")).await;
    assert_eq!(none.data(), &json!([]), "{none}");
}

#[tokio::test]
async fn filters_and_orders_go_together_with_a_search() {
    let service = Service::running();
    let admin = service.staff("admin").await;
    let (prefix, [first, second, third]) = three(&service).await;
    admin
        .do_act(Method::POST, &format!("/users/{}/verify", first.id))
        .await;
    admin
        .do_act(Method::POST, &format!("/users/{}/deactivate", second.id))
        .await;
    service.grant(&third, "support").await;

    let (first, second, third) = (&first, &second, &third);
    for (query, expected) in [
        ("order=-created_at", vec![third, second, first]),
        ("order=created_at", vec![first, second, third]),
        ("order=-email", vec![third, second, first]),
        ("order=username", vec![first, second, third]),
        ("active=true&order=email", vec![first, third]),
        ("active=false", vec![second]),
        ("verified=true", vec![first]),
        ("verified=false&order=email", vec![second, third]),
        ("role=support", vec![third]),
        ("role=admin", vec![]),
        (
            "created_since=2020-01-01T00:00:00Z&order=email",
            vec![first, second, third],
        ),
        ("created_before=2020-01-01T00:00:00Z", vec![]),
        ("order=email&limit=2&page=2", vec![third]),
    ] {
        let found = admin.look(&format!("/users?search={prefix}&{query}")).await;
        assert_eq!(values(&found, "id"), ids(&expected), "{query}: {found}");
    }
    let staff = admin.look("/users?role=support&limit=100").await;
    assert!(values(&staff, "id").contains(&json!(third.id)), "{staff}");
    let inactive = admin.look("/users?active=false&limit=100").await;
    assert!(
        values(&inactive, "id").contains(&json!(second.id)),
        "{inactive}"
    );
}

#[tokio::test]
async fn the_list_goes_on_behind_a_user_however_far() {
    let service = Service::running();
    let admin = service.staff("admin").await;
    let (prefix, users) = three(&service).await;
    for order in [
        "-created_at",
        "created_at",
        "email",
        "-email",
        "username",
        "-username",
    ] {
        // Other tests make users meanwhile, so only these are looked for.
        for filter in [format!("search={prefix}"), "active=true".to_owned()] {
            let path = format!("/users?{filter}&order={order}&limit=2");
            let first = admin.look(&path).await;
            assert_eq!(first.body["meta"]["has_next"], true, "{first}");
            let last = values(&first, "id").pop().expect("two users");
            let last = last.as_str().expect("an identifier");
            let next = admin.look(&format!("{path}&after={last}")).await;
            assert_eq!(next.body["meta"]["has_previous"], true, "{next}");
            let seen: BTreeSet<String> = values(&first, "id")
                .iter()
                .chain(&values(&next, "id"))
                .map(Value::to_string)
                .collect();
            let expected = if filter.starts_with("search") { 3 } else { 4 };
            assert_eq!(seen.len(), expected, "{order}: {first} {next}");
            let column = order.trim_start_matches('-');
            let texts: Vec<String> = values(&first, column)
                .iter()
                .chain(&values(&next, column))
                .map(|value| value.as_str().unwrap_or_default().to_lowercase())
                .collect();
            // PostgreSQL sorts texts by language: what is compared here has one form.
            if column == "created_at" || filter.starts_with("search") {
                let mut sorted = texts.clone();
                sorted.sort();
                if order.starts_with('-') {
                    sorted.reverse();
                }
                assert_eq!(texts, sorted, "{order}");
            }
        }
    }
    let gone = admin
        .look(&format!("/users?after={}", admin.session()))
        .await;
    assert_refused(&gone, StatusCode::UNPROCESSABLE_ENTITY, "validation_failed");
    let both = admin
        .look(&format!("/users?page=1&after={}", users[0].id))
        .await;
    assert_refused(&both, StatusCode::UNPROCESSABLE_ENTITY, "validation_failed");
}

#[tokio::test]
async fn pages_have_a_number_too_and_the_last_one_is_the_end() {
    let service = Service::running();
    let admin = service.staff("admin").await;
    let first = admin.look("/users?limit=1").await;
    let meta = &first.body["meta"];
    assert_eq!(
        (&meta["page"], &meta["has_next"]),
        (&json!(1), &json!(true)),
        "{first}"
    );
    let beyond = admin.look("/users?limit=1&page=2147483647").await;
    assert_eq!(beyond.data().as_array().map(Vec::len), Some(1), "{beyond}");
    let meta = &beyond.body["meta"];
    assert_eq!(meta["page"], meta["total_pages"], "{beyond}");
}

#[tokio::test]
async fn junk_in_the_query_is_named_field_by_field() {
    let admin = Service::running().staff("admin").await;
    let answer = admin
        .look("/users?search=%20&active=maybe&role=Admin&created_since=now&order=id&limit=0&fields=password")
        .await;
    assert_refused(
        &answer,
        StatusCode::UNPROCESSABLE_ENTITY,
        "validation_failed",
    );
    let names: Vec<_> = answer.data().as_object().expect("errors").keys().collect();
    let expected = [
        "search",
        "active",
        "role",
        "created_since",
        "order",
        "limit",
        "fields",
    ];
    assert_eq!(names, expected, "{answer}");
}

#[tokio::test]
async fn support_sees_users_without_what_is_personal() {
    let service = Service::running();
    let (admin, support) = (service.staff("admin").await, service.staff("support").await);
    let user = service.registered_user().await;
    user.patch(
        "/api/v1/users/profile",
        &json!({"phone_number": "+49 151 1", "profile": {"bio": "x"}}),
    )
    .await;
    user.another_session().await;
    let body = json!({"token": random_hex(32), "platform": "web"});
    user.post("/api/v1/users/push-tokens", &body).await;

    let path = format!("/users/{}", user.id);
    let whole = admin.look(&path).await;
    assert_eq!(whole.data()["email"], user.email.as_str(), "{whole}");
    assert_eq!(whole.data()["phone_number"], "+49 151 1", "{whole}");
    assert_eq!(whole.data()["profile"]["bio"], "x", "{whole}");
    assert_eq!(
        whole.data()["sessions"].as_array().map(Vec::len),
        Some(2),
        "{whole}"
    );
    let session = &whole.data()["sessions"][0];
    assert_eq!(
        session["address"],
        user.client.address().to_string(),
        "{whole}"
    );
    assert_eq!(session["is_live"], true, "{whole}");
    let device = &whole.data()["push_tokens"][0];
    assert_eq!(device["platform"], "web", "{whole}");
    assert!(device.get("token").is_none(), "{whole}");

    let part = support.look(&path).await;
    assert_eq!(part.data()["email"], user.email.as_str(), "{part}");
    assert_eq!(
        part.data()["sessions"].as_array().map(Vec::len),
        Some(2),
        "{part}"
    );
    for answer in [
        part,
        support.look(&format!("/users?search={}", user.email)).await,
        support
            .look(&format!(
                "/users?search={}&fields=id,phone_number",
                user.email
            ))
            .await,
    ] {
        assert_eq!(answer.status, StatusCode::OK, "{answer}");
        let text = answer.body.to_string();
        for hidden in [
            "phone_number",
            "+49 151 1",
            "profile",
            "address",
            "user_agent",
            "127.",
        ] {
            assert!(!text.contains(hidden), "{hidden}: {answer}");
        }
    }
}

#[tokio::test]
async fn only_fields_that_are_asked_for_are_answered() {
    let service = Service::running();
    let admin = service.staff("admin").await;
    let found = admin
        .look(&format!("/users?search={}&fields=email,roles", admin.email))
        .await;
    assert_eq!(
        found.data(),
        &json!([{"email": admin.email, "roles": ["admin"]}])
    );
}

#[tokio::test]
async fn nobody_learns_a_password_hash_or_a_push_token() {
    let service = Service::running();
    let admin = service.staff("admin").await;
    let user = service.registered_user().await;
    let token = random_hex(32);
    user.post(
        "/api/v1/users/push-tokens",
        &json!({"token": token, "platform": "ios"}),
    )
    .await;
    for path in [
        format!("/users/{}", user.id),
        format!("/users?search={}", user.email),
    ] {
        let text = admin.look(&path).await.body.to_string();
        assert!(!text.contains("argon2") && !text.contains(&token), "{text}");
    }
}

#[tokio::test]
async fn an_unknown_user_is_not_found() {
    let admin = Service::running().staff("admin").await;
    for id in [&uuid::Uuid::new_v4().to_string(), "x", "me"] {
        let answer = admin.look(&format!("/users/{id}")).await;
        assert_refused(&answer, StatusCode::NOT_FOUND, "not_found");
        let answer = admin
            .act(Method::POST, &format!("/users/{id}/verify"))
            .await;
        assert_refused(&answer, StatusCode::NOT_FOUND, "not_found");
    }
}
