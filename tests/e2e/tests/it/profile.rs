//! `GET`, `PUT`, `PATCH /api/v1/users/profile`

use e2e::{Service, TestUser, random_hex};
use http::{Method, StatusCode};
use insta::{assert_json_snapshot, assert_snapshot};
use serde_json::{Value, json};

use crate::redacted::{id, moment, text};

const PROFILE: &str = "/api/v1/users/profile";

#[tokio::test]
async fn a_profile_is_all_that_a_user_is_told_of_himself() {
    let service = Service::running();
    let user = service.registered_user().await;

    let answer = user.get(PROFILE).await;

    assert_snapshot!(answer.status, @"200 OK");
    assert_eq!(answer.text("/data/id"), user.id.to_string());
    assert_eq!(answer.text("/data/email"), user.email);
    assert_eq!(answer.text("/data/username"), user.username);
    assert_json_snapshot!(answer.data(), {
        ".email" => text("[email]"),
        ".username" => text("[username]"),
        ".**.id" => id(),
        ".**.created_at" => moment(),
        ".**.updated_at" => moment(),
    }, @r#"
    {
      "id": "[id]",
      "email": "[email]",
      "username": "[username]",
      "phone_number": null,
      "is_verified": false,
      "is_active": true,
      "created_at": "[moment]",
      "updated_at": "[moment]",
      "last_login": null,
      "profile": {
        "id": "[id]",
        "first_name": "Amina",
        "last_name": "Bello Musa",
        "full_name": "Amina Bello Musa",
        "avatar_url": null,
        "timezone": "UTC",
        "language": "en",
        "bio": "",
        "created_at": "[moment]",
        "updated_at": "[moment]"
      },
      "notification_preferences": {
        "id": "[id]",
        "email_enabled": true,
        "email_marketing": true,
        "email_transactional": true,
        "email_security": true,
        "email_system": true,
        "push_enabled": false,
        "push_marketing": false,
        "push_transactional": true,
        "push_security": true,
        "push_system": true,
        "do_not_disturb_start": null,
        "do_not_disturb_end": null,
        "frequency_limit": 50,
        "created_at": "[moment]",
        "updated_at": "[moment]"
      },
      "push_tokens_count": 0
    }
    "#);
}

#[tokio::test]
async fn put_and_patch_change_what_is_given_and_keep_the_rest() {
    let service = Service::running();
    let stranger = service.registered_user().await;
    let stored_of_stranger = service.stored(stranger.id).await;
    for method in [Method::PUT, Method::PATCH] {
        let user = service.registered_user().await;
        let before = user.get(PROFILE).await;

        let change = json!({
            "phone_number": "+2348012345678",
            "profile": {
                "bio": "hi",
                "timezone": "Africa/Lagos",
                "avatar_url": "https://cdn.example.com/a.png",
            },
        });
        let answer = user.request(method, PROFILE).json(&change).send().await;

        assert_eq!(answer.status, StatusCode::OK, "{answer}");
        assert_eq!(answer.text("/message"), "Profile updated successfully");
        let mut expected = before.data().clone();
        expected["phone_number"] = json!("+2348012345678");
        expected["profile"]["bio"] = json!("hi");
        expected["profile"]["timezone"] = json!("Africa/Lagos");
        expected["profile"]["avatar_url"] = json!("https://cdn.example.com/a.png");
        expected["updated_at"] = answer.data()["updated_at"].clone();
        expected["profile"]["updated_at"] = answer.data()["profile"]["updated_at"].clone();
        assert_eq!(*answer.data(), expected);
        for pointer in ["/data/updated_at", "/data/profile/updated_at"] {
            assert!(answer.text(pointer) > before.text(pointer), "{answer}");
        }
        assert_eq!(user.get(PROFILE).await.data(), answer.data());
    }
    assert_eq!(service.stored(stranger.id).await, stored_of_stranger);
}

#[tokio::test]
async fn a_later_change_keeps_an_earlier_one() {
    let service = Service::running();
    let user = service.registered_user().await;

    for change in [
        json!({"profile": {"first_name": "Ada"}}),
        json!({"profile": {"last_name": "Lovelace"}}),
        json!({"profile": {"language": "pt-BR"}}),
        json!({"phone_number": "1"}),
        json!({"username": format!("ada{}", user.username)}),
        json!({}),
        json!({"profile": {}}),
    ] {
        let answer = user.put(PROFILE, &change).await;
        assert_eq!(answer.status, StatusCode::OK, "{answer}");
    }

    let answer = user.get(PROFILE).await;
    assert_eq!(answer.data()["profile"]["full_name"], "Ada Lovelace");
    assert_eq!(answer.data()["profile"]["language"], "pt-BR");
    assert_eq!(answer.data()["phone_number"], "1");
    assert_eq!(
        answer.data()["username"],
        format!("ada{}", user.username),
        "{answer}"
    );
}

#[tokio::test]
async fn a_request_without_body_changes_nothing() {
    let service = Service::running();
    let user = service.registered_user().await;
    let before = user.get(PROFILE).await;

    let answer = user.request(Method::PUT, PROFILE).send().await;

    assert_snapshot!(answer.status, @"200 OK");
    let mut expected = before.data().clone();
    expected["updated_at"] = answer.data()["updated_at"].clone();
    expected["profile"]["updated_at"] = answer.data()["profile"]["updated_at"].clone();
    assert_eq!(*answer.data(), expected);
}

#[tokio::test]
async fn read_only_and_unknown_fields_are_ignored() {
    let service = Service::running();
    let user = service.registered_user().await;
    let before = user.get(PROFILE).await;
    let secrets = "
        select jsonb_build_array(password, is_staff, is_superuser, date_joined, last_login_ip)::text
        from users where id = $1";
    let secrets_before: String = service.value(secrets, &[&user.id]).await;

    let body = json!({
        "id": "00000000-0000-0000-0000-000000000000",
        "email": "other@example.com",
        "password": "another password",
        "is_verified": true,
        "is_active": false,
        "is_staff": true,
        "is_superuser": true,
        "last_login": "2020-01-01T00:00:00Z",
        "last_login_ip": "10.0.0.1",
        "created_at": "2020-01-01T00:00:00Z",
        "version": -1,
        "push_tokens_count": 7,
        "notification_preferences": {"email_enabled": false},
        "no such field": [1, {"a": null}],
        "profile": {
            "id": 1,
            "user_id": 1,
            "full_name": "Somebody Else",
            "created_at": null,
            "unknown": true,
            "bio": "the only change",
        },
    });
    let answer = user.put(PROFILE, &body).await;

    assert_snapshot!(answer.status, @"200 OK");
    let mut expected = before.data().clone();
    expected["profile"]["bio"] = json!("the only change");
    expected["updated_at"] = answer.data()["updated_at"].clone();
    expected["profile"]["updated_at"] = answer.data()["profile"]["updated_at"].clone();
    assert_eq!(*answer.data(), expected);
    let secrets_after: String = service.value(secrets, &[&user.id]).await;
    assert_eq!(secrets_after, secrets_before);
}

#[tokio::test]
async fn all_broken_rules_are_told_at_once() {
    let service = Service::running();
    let user = service.registered_user().await;

    let body = json!({
        "username": "two words",
        "phone_number": "1".repeat(21),
        "profile": {"avatar_url": "nope", "first_name": "x".repeat(101), "language": ""},
    });
    let answer = refused(&service, &user, &body).await;

    assert_snapshot!(answer["message"], @r#""Invalid input data""#);
    assert_snapshot!(answer["error"], @r#""Validation failed""#);
    assert_snapshot!(answer["code"], @r#""validation_failed""#);
    assert_eq!(
        answer["data"],
        json!({
            "username": ["Enter a valid username. This value may contain only letters, numbers, and @/./+/-/_ characters."],
            "phone_number": ["Ensure this field has no more than 20 characters."],
            "profile": {
                "first_name": ["Ensure this field has no more than 100 characters."],
                "avatar_url": ["Enter a valid URL."],
                "language": ["This field may not be blank."],
            },
        })
    );
}

#[tokio::test]
async fn each_broken_rule_has_its_text() {
    let service = Service::running();
    let user = service.registered_user().await;
    let long = |most: u32| format!("Ensure this field has no more than {most} characters.");
    let blank = "This field may not be blank.";
    let null = "This field may not be null.";
    let no_text = "Not a valid string.";
    let nul = "Null characters are not allowed.";
    for (field, value, text) in [
        ("username", json!("x".repeat(151)), &*long(150)),
        ("username", json!(" "), blank),
        ("username", json!(null), null),
        ("username", json!(["a"]), no_text),
        ("username", json!(true), no_text),
        ("phone_number", json!({}), no_text),
        ("phone_number", json!("1\0"), nul),
        ("profile.first_name", json!("a\0b"), nul),
        ("profile.first_name", json!(null), null),
        ("profile.last_name", json!("é".repeat(101)), &long(100)),
        ("profile.avatar_url", json!("nope"), "Enter a valid URL."),
        (
            "profile.avatar_url",
            json!("javascript:alert(1)"),
            "Enter a valid URL.",
        ),
        (
            "profile.avatar_url",
            json!("ftp://a.example/b"),
            "Enter a valid URL.",
        ),
        (
            "profile.avatar_url",
            json!("https://"),
            "Enter a valid URL.",
        ),
        (
            "profile.avatar_url",
            json!("https://a.example/ b"),
            "Enter a valid URL.",
        ),
        (
            "profile.avatar_url",
            json!(format!("https://a.example/{}", "x".repeat(183))),
            &long(200),
        ),
        ("profile.language", json!("english-language"), &long(10)),
        ("profile.language", json!(null), null),
        ("profile.timezone", json!(""), blank),
        ("profile.bio", json!("x".repeat(10_001)), &long(10_000)),
        ("profile.bio", json!("\0"), nul),
        ("profile.bio", json!(null), null),
        ("profile.bio", json!(["x"]), no_text),
    ] {
        let answer = refused(&service, &user, &nested(field, &value)).await;
        assert_eq!(answer["data"], nested(field, &json!([text])), "{field}");
    }
}

#[tokio::test]
async fn a_profile_must_be_an_object() {
    let service = Service::running();
    let user = service.registered_user().await;
    for profile in [json!("x"), json!([]), json!(1), json!(null)] {
        let answer = refused(&service, &user, &json!({"profile": profile})).await;
        assert!(!answer["data"]["profile"].is_null(), "{answer}");
    }
}

#[tokio::test]
async fn a_time_zone_is_one_of_the_iana_database() {
    let service = Service::running();
    let user = service.registered_user().await;
    for zone in ["Africa/Lagos", "America/Argentina/Buenos_Aires", "UTC"] {
        let answer = user
            .put(PROFILE, &json!({"profile": {"timezone": zone}}))
            .await;
        assert_eq!(answer.data()["profile"]["timezone"], zone, "{answer}");
    }
    for zone in [
        "Mars/Olympus",
        "+01:00",
        "../etc/passwd",
        "Africa/Lagos; drop table users",
    ] {
        let answer = refused(&service, &user, &json!({"profile": {"timezone": zone}})).await;
        assert!(
            answer["data"]["profile"]["timezone"][0].is_string(),
            "{answer}"
        );
    }
}

#[tokio::test]
async fn a_language_is_a_well_formed_tag() {
    let service = Service::running();
    let user = service.registered_user().await;
    for tag in ["en", "pt-BR", "zh-Hant-TW", "haw", "i-klingon", "x-private"] {
        let answer = user
            .put(PROFILE, &json!({"profile": {"language": tag}}))
            .await;
        assert_eq!(answer.data()["profile"]["language"], tag, "{answer}");
    }
    for tag in ["e", "en_US", "en-", "en--US", "12", "english!", "日本"] {
        let answer = refused(&service, &user, &json!({"profile": {"language": tag}})).await;
        assert!(
            answer["data"]["profile"]["language"][0].is_string(),
            "{answer}"
        );
    }
}

#[tokio::test]
async fn a_picture_and_a_telephone_number_can_be_taken_away() {
    let service = Service::running();
    let user = service.registered_user().await;
    let url = format!("https://cdn.example.com/{}", "x".repeat(176));
    for (given, kept) in [
        (json!(url), json!(url)),
        (json!(""), json!("")),
        (
            json!("http://[2001:db8::1]:8080/a?b#c"),
            json!("http://[2001:db8::1]:8080/a?b#c"),
        ),
        (json!(null), json!(null)),
    ] {
        let answer = user
            .put(PROFILE, &json!({"profile": {"avatar_url": given}}))
            .await;
        assert_eq!(answer.data()["profile"]["avatar_url"], kept, "{answer}");
        assert_eq!(user.get(PROFILE).await.data(), answer.data());
    }
    for given in [json!("+2348012345678"), json!(null)] {
        let answer = user.put(PROFILE, &json!({"phone_number": given})).await;
        assert_eq!(answer.data()["phone_number"], given, "{answer}");
    }
}

#[tokio::test]
async fn text_is_kept_as_it_was_sent_without_the_space_around_it() {
    let service = Service::running();
    let user = service.registered_user().await;
    let inside =
        "\u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467} e\u{301} \u{202E}abc\t\"\\ </script> \u{FFFF}";
    let change =
        json!({"profile": {"bio": format!(" \n\u{3000}{inside}\t "), "first_name": inside}});

    let answer = user.put(PROFILE, &change).await;

    assert_eq!(answer.data()["profile"]["bio"], inside, "{answer}");
    assert_eq!(answer.data()["profile"]["first_name"], inside);
    assert_eq!(user.get(PROFILE).await.data(), answer.data());
    let key = format!("us:{{{}}}:user", user.id);
    service.redis::<i64>(&["DEL", &key]).await;
    assert_eq!(
        user.get(PROFILE).await.data(),
        answer.data(),
        "from PostgreSQL"
    );
}

#[tokio::test]
async fn a_text_about_oneself_has_up_to_ten_thousand_characters() {
    let service = Service::running();
    let user = service.registered_user().await;
    let bio = "\u{1F600}".repeat(10_000);

    let answer = user.put(PROFILE, &json!({"profile": {"bio": bio}})).await;

    assert_snapshot!(answer.status, @"200 OK");
    assert_eq!(user.get(PROFILE).await.data()["profile"]["bio"], bio);
}

#[tokio::test]
async fn a_full_name_is_both_names_or_else_the_user_name() {
    let service = Service::running();
    let user = service.registered_user().await;
    for (first, last, full) in [
        ("Ada", "Lovelace", "Ada Lovelace"),
        ("", "", &*user.username),
        ("Ada", "", &user.username),
    ] {
        let change = json!({"profile": {"first_name": first, "last_name": last}});
        let answer = user.put(PROFILE, &change).await;
        assert_eq!(answer.data()["profile"]["full_name"], full, "{answer}");
    }
}

#[tokio::test]
async fn a_taken_user_name_is_refused_in_any_letter_case() {
    let service = Service::running();
    let ada = service.registered_user().await;
    let grace = service.registered_user().await;
    for taken in [ada.username.clone(), ada.username.to_uppercase()] {
        let answer = refused(&service, &grace, &json!({"username": taken})).await;
        assert_eq!(
            answer["data"],
            json!({"username": ["A user with that username already exists."]})
        );
    }
}

#[tokio::test]
async fn a_taken_user_name_is_named_beside_whatever_else_is_wrong() {
    let service = Service::running();
    let ada = service.registered_user().await;
    let user = service.registered_user().await;
    let taken = ada.get(PROFILE).await.text("/data/username").to_uppercase();
    let own = user.get(PROFILE).await.text("/data/username").to_owned();

    let body = json!({"username": taken, "profile": {"timezone": "Mars/Phobos"}});
    let refusal = refused(&service, &user, &body).await;
    let data = &refusal["data"];
    let text = "A user with that username already exists.";
    assert_eq!(data["username"], json!([text]));
    assert!(data["profile"]["timezone"].is_array(), "{data}");

    let body = json!({"username": own, "profile": {"timezone": "Mars/Phobos"}});
    let refusal = refused(&service, &user, &body).await;
    let data = &refusal["data"];
    assert!(data.get("username").is_none(), "{data}");
}

#[tokio::test]
async fn a_user_name_can_be_written_in_another_letter_case_by_its_owner() {
    let service = Service::running();
    let user = service.registered_user().await;
    for name in [user.username.to_uppercase(), user.username.to_uppercase()] {
        let answer = user.put(PROFILE, &json!({"username": name})).await;
        assert_eq!(answer.data()["username"], name, "{answer}");
    }
}

#[tokio::test]
async fn a_user_name_has_letters_of_any_script() {
    let service = Service::running();
    let user = service.registered_user().await;
    let name = format!("Ådá.Ł@x+y-z_日本{}", random_hex(12));
    let answer = user.put(PROFILE, &json!({"username": name})).await;
    assert_eq!(answer.data()["username"], name, "{answer}");
}

#[tokio::test]
async fn fields_leaves_only_what_is_asked_for() {
    let service = Service::running();
    let user = service.registered_user().await;
    for cached in [true, false] {
        if !cached {
            let key = format!("us:{{{}}}:user", user.id);
            service.redis::<i64>(&["DEL", &key]).await;
        }
        let answer = user
            .get(&format!("{PROFILE}?fields=username,%20id,id"))
            .await;
        assert_eq!(
            *answer.data(),
            json!({"id": user.id, "username": user.username}),
            "{answer}"
        );
    }
    assert_eq!(
        user.get(PROFILE)
            .await
            .data()
            .as_object()
            .map(serde_json::Map::len),
        Some(12)
    );
}

#[tokio::test]
async fn fields_that_do_not_exist_are_refused() {
    let service = Service::running();
    let user = service.registered_user().await;
    for fields in [
        "password",
        "",
        ",",
        "id,no_such_field",
        "ID",
        "tokens",
        "%00",
        "profile.bio",
    ] {
        let answer = user.get(&format!("{PROFILE}?fields={fields}")).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{answer}");
        assert!(answer.data()["fields"][0].is_string(), "{answer}");
    }
}

#[tokio::test]
async fn old_clients_send_forms() {
    let service = Service::running();
    let user = service.registered_user().await;

    let form = "phone_number=%2B234+801&profile.bio=a+b%26c&profile.timezone=Africa%2FLagos&x=";
    let answer = user
        .request(Method::PUT, PROFILE)
        .body("application/x-www-form-urlencoded", form)
        .send()
        .await;

    assert_snapshot!(answer.status, @"200 OK");
    assert_eq!(answer.data()["phone_number"], "+234 801");
    assert_eq!(answer.data()["profile"]["bio"], "a b&c");
    assert_eq!(answer.data()["profile"]["timezone"], "Africa/Lagos");
    assert_eq!(answer.data()["profile"]["first_name"], "Amina");
}

#[tokio::test]
async fn a_slash_at_the_end_changes_nothing() {
    let service = Service::running();
    let user = service.registered_user().await;
    let with_slash = format!("{PROFILE}/");

    let put = user
        .put(&with_slash, &json!({"profile": {"bio": "slash"}}))
        .await;
    let selected = user.get(&format!("{with_slash}?fields=profile")).await;

    assert_snapshot!(put.status, @"200 OK");
    assert_eq!(selected.data()["profile"], put.data()["profile"]);
    assert_eq!(user.get(&with_slash).await.data(), put.data());
}

#[tokio::test]
async fn two_users_who_want_one_name_at_once_do_not_both_get_it() {
    let service = Service::running();
    let name = format!("wanted{}", random_hex(16));
    let mut users = Vec::new();
    for _ in 0..4 {
        users.push(service.registered_user().await);
    }

    let body = json!({"username": name});
    let answers =
        futures::future::join_all(users.iter().map(|user| user.put(PROFILE, &body))).await;

    let mut statuses: Vec<_> = answers
        .iter()
        .map(|answer| answer.status.as_u16())
        .collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 422, 422, 422]);
}

/// Sends `body` with PUT, makes sure that it is refused and that nothing has changed.
async fn refused(service: &Service, user: &TestUser, body: &Value) -> Value {
    let before = service.stored(user.id).await;
    let answer = user.put(PROFILE, body).await;
    assert_eq!(
        answer.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "{body}: {answer}"
    );
    assert_eq!(service.stored(user.id).await, before, "{body}");
    answer.body
}

/// `value` under a name like `profile.bio`.
fn nested(name: &str, value: &Value) -> Value {
    match name.split_once('.') {
        Some((outer, inner)) => json!({ outer: { inner: value } }),
        None => json!({ name: value }),
    }
}
