//! `GET`, `PUT`, `PATCH /api/v1/users/preferences`

use e2e::{Service, TestUser};
use http::{Method, StatusCode};
use insta::{assert_json_snapshot, assert_snapshot};
use serde_json::{Value, json};

use crate::redacted::{id, moment};

const PREFERENCES: &str = "/api/v1/users/preferences";
const PROFILE: &str = "/api/v1/users/profile";

const SWITCHES: [&str; 10] = [
    "email_enabled",
    "email_marketing",
    "email_transactional",
    "email_security",
    "email_system",
    "push_enabled",
    "push_marketing",
    "push_transactional",
    "push_security",
    "push_system",
];

#[tokio::test]
async fn preferences_say_what_a_user_wants_to_be_told() {
    let service = Service::running();
    let user = service.registered_user().await;

    let answer = user.get(PREFERENCES).await;

    assert_snapshot!(answer.status, @"200 OK");
    assert_json_snapshot!(answer.data(), {
        ".id" => id(),
        ".created_at" => moment(),
        ".updated_at" => moment(),
    }, @r#"
    {
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
    }
    "#);
    let profile = user.get(PROFILE).await;
    assert_eq!(profile.data()["notification_preferences"], *answer.data());
}

#[tokio::test]
async fn put_and_patch_change_what_is_given_and_keep_the_rest() {
    let service = Service::running();
    let stranger = service.registered_user().await;
    let stored_of_stranger = service.stored(stranger.id).await;
    for method in [Method::PUT, Method::PATCH] {
        let user = service.registered_user().await;
        let before = user.get(PREFERENCES).await;

        let change = json!({
            "push_marketing": true,
            "frequency_limit": 7,
            "do_not_disturb_start": "22:00",
            "do_not_disturb_end": "07:30:15.5",
        });
        let answer = user.request(method, PREFERENCES).json(&change).send().await;

        assert_eq!(answer.status, StatusCode::OK, "{answer}");
        assert_eq!(answer.text("/message"), "Preferences updated successfully");
        let mut expected = before.data().clone();
        expected["push_marketing"] = json!(true);
        expected["frequency_limit"] = json!(7);
        expected["do_not_disturb_start"] = json!("22:00:00");
        expected["do_not_disturb_end"] = json!("07:30:15.500000");
        expected["updated_at"] = answer.data()["updated_at"].clone();
        assert_eq!(*answer.data(), expected);
        assert!(answer.text("/data/updated_at") > before.text("/data/updated_at"));
        assert_eq!(user.get(PREFERENCES).await.data(), answer.data());
        let profile = user.get(PROFILE).await;
        assert_eq!(profile.data()["notification_preferences"], *answer.data());
    }
    assert_eq!(service.stored(stranger.id).await, stored_of_stranger);
}

#[tokio::test]
async fn every_switch_can_be_turned_by_itself() {
    let service = Service::running();
    let user = service.registered_user().await;
    let mut expected = user.get(PREFERENCES).await.data().clone();
    for switch in SWITCHES {
        let turned = !expected[switch].as_bool().expect("a boolean");
        let answer = user.patch(PREFERENCES, &json!({switch: turned})).await;
        expected[switch] = json!(turned);
        expected["updated_at"] = answer.data()["updated_at"].clone();
        assert_eq!(*answer.data(), expected);
    }
    assert_eq!(*user.get(PREFERENCES).await.data(), expected);
}

#[tokio::test]
async fn a_switch_understands_the_words_of_old_clients() {
    let service = Service::running();
    let user = service.registered_user().await;
    for (given, meant) in [
        (json!("false"), false),
        (json!("True"), true),
        (json!(0), false),
        (json!(1), true),
        (json!("off"), false),
        (json!("1"), true),
    ] {
        let answer = user
            .put(PREFERENCES, &json!({"email_marketing": given}))
            .await;
        assert_eq!(answer.data()["email_marketing"], meant, "{given}: {answer}");
    }
}

#[tokio::test]
async fn quiet_hours_are_times_of_day() {
    let service = Service::running();
    let user = service.registered_user().await;
    for (given, kept) in [
        (json!("00:00"), json!("00:00:00")),
        (json!("23:59:59"), json!("23:59:59")),
        (json!("23:59:59.999999"), json!("23:59:59.999999")),
        (json!("01:02:03.5"), json!("01:02:03.500000")),
        (json!(" 01:02:03.000000 "), json!("01:02:03")),
        (json!(null), json!(null)),
    ] {
        let change = json!({"do_not_disturb_start": given, "do_not_disturb_end": given});
        let answer = user.put(PREFERENCES, &change).await;
        assert_eq!(answer.data()["do_not_disturb_start"], kept, "{answer}");
        assert_eq!(answer.data()["do_not_disturb_end"], kept, "{answer}");
    }
    let text = "Time has wrong format. Use one of these formats instead: hh:mm[:ss[.uuuuuu]].";
    for given in [
        json!("25:00"),
        json!("24:00"),
        json!("9:30"),
        json!("09:30:60"),
        json!("09:30Z"),
        json!("09:30:00.1234567"),
        json!("half past nine"),
        json!("٠٩:٣٠"),
        json!("09:30\0"),
        json!(""),
    ] {
        let answer = refused(&service, &user, &json!({"do_not_disturb_end": given})).await;
        assert_eq!(
            answer["data"],
            json!({"do_not_disturb_end": [text]}),
            "{given}"
        );
    }
}

#[tokio::test]
async fn a_frequency_limit_is_a_whole_number_that_an_integer_column_holds() {
    let service = Service::running();
    let user = service.registered_user().await;
    for (given, kept) in [
        (json!(0), 0),
        (json!(2_147_483_647), i32::MAX),
        (json!("12"), 12),
        (json!(50.0), 50),
    ] {
        let answer = user
            .put(PREFERENCES, &json!({"frequency_limit": given}))
            .await;
        assert_eq!(answer.data()["frequency_limit"], kept, "{answer}");
    }
    let large = "Ensure this value is less than or equal to 2147483647.";
    let small = "Ensure this value is greater than or equal to 0.";
    let no_number = "A valid integer is required.";
    for (given, text) in [
        (json!(-1), small),
        (json!(2_147_483_648_u32), large),
        (json!(3_000_000_000_u32), large),
        (json!(1e300), large),
        (json!(-1e300), small),
        (json!("99999999999999999999999999999999999999999999"), large),
        (json!(1.5), no_number),
        (json!("1e3"), no_number),
        (json!("many"), no_number),
        (json!(""), no_number),
        (json!(true), no_number),
        (json!([1]), no_number),
        (json!(null), "This field may not be null."),
    ] {
        let answer = refused(&service, &user, &json!({"frequency_limit": given})).await;
        assert_eq!(
            answer["data"],
            json!({"frequency_limit": [text]}),
            "{given}"
        );
    }
}

#[tokio::test]
async fn all_broken_rules_are_told_at_once_and_nothing_changes() {
    let service = Service::running();
    let user = service.registered_user().await;

    let body = json!({
        "email_enabled": "maybe",
        "push_enabled": null,
        "frequency_limit": 3_000_000_000_u32,
        "do_not_disturb_start": "25:00",
        "push_marketing": true,
    });
    let answer = refused(&service, &user, &body).await;

    assert_eq!(
        answer["data"],
        json!({
            "email_enabled": ["Must be a valid boolean."],
            "push_enabled": ["This field may not be null."],
            "do_not_disturb_start": [
                "Time has wrong format. Use one of these formats instead: hh:mm[:ss[.uuuuuu]]."
            ],
            "frequency_limit": ["Ensure this value is less than or equal to 2147483647."],
        })
    );
    assert_eq!(user.get(PREFERENCES).await.data()["push_marketing"], false);
}

#[tokio::test]
async fn every_switch_is_a_boolean() {
    let service = Service::running();
    let user = service.registered_user().await;
    for switch in SWITCHES {
        for value in [json!("maybe"), json!(2), json!([]), json!({}), json!("")] {
            let answer = refused(&service, &user, &json!({switch: value})).await;
            assert_eq!(
                answer["data"],
                json!({switch: ["Must be a valid boolean."]})
            );
        }
    }
}

#[tokio::test]
async fn read_only_and_unknown_fields_are_ignored() {
    let service = Service::running();
    let user = service.registered_user().await;
    let before = user.get(PREFERENCES).await;

    let body = json!({
        "id": "x", "user": 1, "user_id": 1, "created_at": null, "updated_at": "2020-01-01T00:00:00Z",
        "sms_enabled": true, "email": false, "frequency_limit": 9,
    });
    let answer = user.put(PREFERENCES, &body).await;

    assert_snapshot!(answer.status, @"200 OK");
    let mut expected = before.data().clone();
    expected["frequency_limit"] = json!(9);
    expected["updated_at"] = answer.data()["updated_at"].clone();
    assert_eq!(*answer.data(), expected);
}

#[tokio::test]
async fn fields_leaves_only_what_is_asked_for() {
    let service = Service::running();
    let user = service.registered_user().await;

    let some = user
        .get(&format!(
            "{PREFERENCES}?fields=frequency_limit,push_enabled"
        ))
        .await;
    assert_eq!(
        *some.data(),
        json!({"push_enabled": false, "frequency_limit": 50})
    );

    let unknown = user.get(&format!("{PREFERENCES}?fields=email")).await;
    assert_snapshot!(unknown.status, @"422 Unprocessable Entity");
    assert_eq!(unknown.data()["fields"][0], "There is no field \"email\".");
}

#[tokio::test]
async fn old_clients_send_forms_with_a_slash_at_the_end() {
    let service = Service::running();
    let user = service.registered_user().await;

    let form = "email_marketing=off&push_enabled=on&frequency_limit=3&do_not_disturb_start=22%3A00";
    let answer = user
        .request(Method::PUT, "/api/v1/users/preferences/")
        .body("application/x-www-form-urlencoded; charset=utf-8", form)
        .send()
        .await;

    assert_snapshot!(answer.status, @"200 OK");
    assert_eq!(answer.data()["email_marketing"], false);
    assert_eq!(answer.data()["push_enabled"], true);
    assert_eq!(answer.data()["frequency_limit"], 3);
    assert_eq!(answer.data()["do_not_disturb_start"], "22:00:00");
    assert_eq!(
        user.get("/api/v1/users/preferences/").await.data(),
        answer.data()
    );
}

/// Sends `body` with PUT, makes sure that it is refused and that nothing has changed.
async fn refused(service: &Service, user: &TestUser, body: &Value) -> Value {
    let before = service.stored(user.id).await;
    let answer = user.put(PREFERENCES, body).await;
    assert_eq!(
        answer.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "{body}: {answer}"
    );
    assert_eq!(service.stored(user.id).await, before, "{body}");
    answer.body
}
