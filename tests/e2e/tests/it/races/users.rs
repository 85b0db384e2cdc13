//! Changes of preferences, profiles and push tokens, many at once and against cached reads.

use std::sync::atomic::{AtomicU64, Ordering};

use e2e::{Answer, Service, TestUser, random_hex};
use futures::future::{join, join_all};
use http::StatusCode;
use serde_json::{Value, json};

const PROFILE: &str = "/api/v1/users/profile";
const PREFERENCES: &str = "/api/v1/users/preferences";
const PUSH_TOKENS: &str = "/api/v1/users/push-tokens";

#[tokio::test]
async fn one_push_token_from_eight_users_at_once_has_one_owner() {
    let service = Service::running();
    let users = users(&service, 8).await;
    for round in 0..5 {
        // A device that nobody has a row of: else its row would take the token.
        let device = format!("device {round}");
        let body = json!({"token": random_hex(32), "platform": "web", "device_id": device});

        let answers = join_all(users.iter().map(|user| user.post(PUSH_TOKENS, &body))).await;

        let created = answers
            .iter()
            .filter(|answer| answer.status == StatusCode::CREATED);
        assert_eq!(created.count(), 1);
        for answer in &answers {
            assert!(answer.status.is_success(), "{answer}");
            assert_eq!(answer.data()["id"], answers[0].data()["id"], "{answer}");
        }
        let owner: uuid::Uuid = service
            .value(
                "select user_id from push_tokens where token = $1",
                &[&body["token"].as_str()],
            )
            .await;
        for user in &users {
            let expected = usize::from(user.id == owner);
            let mut of_device = rows(user).await;
            of_device.retain(|row| row["device_id"] == device);
            assert_eq!(of_device.len(), expected);
            assert_eq!(count(user).await, rows(user).await.len());
        }
    }
}

#[tokio::test]
async fn preference_changes_of_different_fields_at_once_are_all_kept() {
    let service = Service::running();
    let user = service.registered_user().await;
    let fields = [
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
    for round in 0..6_u32 {
        let mut changes: Vec<Value> = fields
            .iter()
            .map(|field| json!({*field: round % 2 == 0}))
            .collect();
        let quiet = format!("0{round}:00:00");
        changes.push(json!({"frequency_limit": round}));
        changes.push(json!({"do_not_disturb_start": quiet}));
        changes.push(json!({"do_not_disturb_end": quiet}));

        let answers = join_all(changes.iter().map(|change| user.put(PREFERENCES, change))).await;

        for answer in &answers {
            assert_eq!(answer.status, StatusCode::OK, "{answer}");
        }
        let now = user.get(PREFERENCES).await;
        for change in &changes {
            for (field, value) in change.as_object().expect("an object") {
                assert_eq!(now.data()[field], *value, "{field}");
            }
        }
        assert_eq!(
            user.get(PROFILE).await.data()["notification_preferences"],
            *now.data()
        );
    }
}

#[tokio::test]
async fn profile_changes_of_different_fields_at_once_are_all_kept() {
    let service = Service::running();
    let user = service.registered_user().await;
    for round in 0..5 {
        let text = format!("round {round}");
        let changes = [
            json!({"phone_number": text}),
            json!({"profile": {"first_name": text}}),
            json!({"profile": {"last_name": text}}),
            json!({"profile": {"bio": text}}),
            json!({"profile": {"avatar_url": format!("https://a.example/{round}")}}),
        ];
        let preferences = json!({"frequency_limit": round});

        let (answers, of_preferences) = join(
            join_all(changes.iter().map(|change| user.patch(PROFILE, change))),
            user.put(PREFERENCES, &preferences),
        )
        .await;

        assert_eq!(of_preferences.status, StatusCode::OK, "{of_preferences}");
        for answer in &answers {
            assert_eq!(answer.status, StatusCode::OK, "{answer}");
        }
        // Twice: from PostgreSQL perhaps, and from the cache.
        for _ in 0..2 {
            let now = user.get(PROFILE).await;
            assert_eq!(now.data()["phone_number"], text);
            assert_eq!(now.data()["profile"]["full_name"], format!("{text} {text}"));
            assert_eq!(now.data()["profile"]["bio"], text);
            assert_eq!(
                now.data()["profile"]["avatar_url"],
                format!("https://a.example/{round}")
            );
            assert_eq!(
                now.data()["notification_preferences"]["frequency_limit"],
                round
            );
        }
    }
}

#[tokio::test]
async fn no_read_shows_a_preference_older_than_the_last_answer() {
    let service = Service::running();
    let user = service.registered_user().await;
    let limit = |preferences: &Value| preferences["frequency_limit"].as_u64().expect("a number");
    user.put(PREFERENCES, &json!({"frequency_limit": 0})).await;

    let answered = AtomicU64::new(0);
    let write = async {
        for value in 1..=60 {
            let answer = user
                .put(PREFERENCES, &json!({"frequency_limit": value}))
                .await;
            assert_eq!(answer.data()["frequency_limit"], value, "{answer}");
            answered.store(value, Ordering::SeqCst);
        }
    };
    let read = async |path: &str| {
        loop {
            let least = answered.load(Ordering::SeqCst);
            let answer = user.get(path).await;
            let preferences = match path {
                PROFILE => &answer.data()["notification_preferences"],
                _ => answer.data(),
            };
            assert!(
                limit(preferences) >= least,
                "{least} was answered before: {answer}"
            );
            if least == 60 {
                break;
            }
        }
    };
    let reads = join_all([PREFERENCES, PROFILE, PREFERENCES, PROFILE].map(read));
    join(write, reads).await;
}

#[tokio::test]
async fn no_read_shows_a_count_of_push_tokens_older_than_the_last_answer() {
    let service = Service::running();
    let user = service.registered_user().await;
    let body = json!({"token": random_hex(32), "platform": "web"});
    let row = user.post(PUSH_TOKENS, &body).await;
    let url = format!("{PUSH_TOKENS}/{}", row.text("/data/id"));

    let done = AtomicU64::new(0);
    let write = async {
        for round in 0..40 {
            let active = round % 2 == 1;
            let answer = user.patch(&url, &json!({"is_active": active})).await;
            assert_eq!(answer.status, StatusCode::OK, "{answer}");
            for _ in 0..2 {
                assert_eq!(count(&user).await, u8::from(active), "round {round}");
            }
        }
        done.store(1, Ordering::SeqCst);
    };
    // These fill the cache all the time, perhaps with what they read a moment ago.
    let read = async |_| {
        while done.load(Ordering::SeqCst) == 0 {
            user.get(PROFILE).await;
        }
    };
    join(write, join_all((0..4).map(read))).await;
}

#[tokio::test]
async fn two_tokens_that_move_in_opposite_directions_change_owners() {
    let service = Service::running();
    let users = users(&service, 2).await;
    let bodies = [(); 2].map(|()| json!({"token": random_hex(32), "platform": "web"}));
    let (mut of_ada, mut of_grace) = (&bodies[0], &bodies[1]);
    let [ada, grace] = users.as_slice() else {
        panic!("two users")
    };
    join(
        ada.post(PUSH_TOKENS, of_ada),
        grace.post(PUSH_TOKENS, of_grace),
    )
    .await;
    for _ in 0..10 {
        (of_ada, of_grace) = (of_grace, of_ada);

        let (first, second) = join(
            ada.post(PUSH_TOKENS, of_ada),
            grace.post(PUSH_TOKENS, of_grace),
        )
        .await;

        for (user, answer) in [(ada, &first), (grace, &second)] {
            assert_eq!(answer.status, StatusCode::OK, "{answer}");
            assert_eq!(rows(user).await, [answer.data().clone()]);
            assert_eq!(count(user).await, 1);
        }
    }
}

#[tokio::test]
async fn two_rows_that_take_each_others_token_at_once_leave_one() {
    let service = Service::running();
    for _ in 0..10 {
        let users = users(&service, 2).await;
        let [ada, grace] = users.as_slice() else {
            panic!("two users")
        };
        let tokens = [random_hex(32), random_hex(32)];
        let body = |token: &String| json!({"token": token, "platform": "web"});
        let of_ada = ada.post(PUSH_TOKENS, &body(&tokens[0])).await;
        let of_grace = grace.post(PUSH_TOKENS, &body(&tokens[1])).await;
        let url = |row: &Answer| format!("{PUSH_TOKENS}/{}", row.text("/data/id"));

        let (ada_url, grace_url) = (url(&of_ada), url(&of_grace));
        let (for_ada, for_grace) = (json!({"token": tokens[1]}), json!({"token": tokens[0]}));
        let (first, second) = join(
            ada.patch(&ada_url, &for_ada),
            grace.patch(&grace_url, &for_grace),
        )
        .await;

        let mut statuses = [first.status.as_u16(), second.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 404], "{first} {second}");
        let expected = usize::from(first.status == StatusCode::OK);
        assert_eq!(
            (rows(ada).await.len(), rows(grace).await.len()),
            (expected, 1 - expected)
        );
        assert_eq!(
            (count(ada).await, count(grace).await),
            (json!(expected), json!(1 - expected))
        );
    }
}

#[tokio::test]
async fn two_devices_that_swap_their_tokens_at_once_keep_a_row_each() {
    let service = Service::running();
    let user = service.registered_user().await;
    let tokens = [random_hex(32), random_hex(32)];
    let body = |token: usize, device: &str| json!({"token": tokens[token], "platform": "web", "device_id": device});
    for round in 0..20 {
        let (first, second) = (round % 2, 1 - round % 2);
        let (left, right) = (body(first, "left"), body(second, "right"));

        let answers = join_all([
            user.post(PUSH_TOKENS, &left),
            user.post(PUSH_TOKENS, &right),
        ])
        .await;

        for answer in &answers {
            assert!(answer.status.is_success(), "{answer}");
        }
        let mut devices: Vec<_> = rows(&user)
            .await
            .iter()
            .map(|row| row["device_id"].clone())
            .collect();
        devices.sort_unstable_by_key(Value::to_string);
        assert_eq!(devices, ["left", "right"], "round {round}");
        assert_eq!(count(&user).await, 2);
    }
}

#[tokio::test]
async fn eight_tokens_of_one_device_at_once_leave_one_row() {
    let service = Service::running();
    let user = service.registered_user().await;
    for _ in 0..5 {
        let bodies: Vec<_> = (0..8)
            .map(|_| json!({"token": random_hex(32), "platform": "ios", "device_id": "d"}))
            .collect();

        let answers = join_all(bodies.iter().map(|body| user.post(PUSH_TOKENS, body))).await;

        for answer in &answers {
            assert!(answer.status.is_success(), "{answer}");
        }
        assert_eq!(rows(&user).await.len(), 1);
        assert_eq!(count(&user).await, 1);
    }
}

async fn users(service: &Service, number: usize) -> Vec<TestUser> {
    let mut users = Vec::new();
    for _ in 0..number {
        users.push(service.registered_user().await);
    }
    users
}

async fn rows(user: &TestUser) -> Vec<Value> {
    let answer = user.get(PUSH_TOKENS).await;
    answer
        .data()
        .as_array()
        .unwrap_or_else(|| panic!("{answer}"))
        .clone()
}

async fn count(user: &TestUser) -> Value {
    user.get(PROFILE).await.data()["push_tokens_count"].clone()
}
