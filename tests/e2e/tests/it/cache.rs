//! What Redis holds of users: documents ready to be sent, and the state of sessions.

use std::fs;

use e2e::{Answer, NewAccount, Service, TestUser, eventually, random_hex};
use futures::future::{join, join_all};
use http::{Method, StatusCode};
use serde_json::{Value, json};

const PROFILE: &str = "/api/v1/users/profile";
const PREFERENCES: &str = "/api/v1/users/preferences";
const PUSH_TOKENS: &str = "/api/v1/users/push-tokens";
const LOGOUT: &str = "/api/v1/users/logout";

const FROM_CACHE: [&str; 2] = [
    "User profile retrieved from cache",
    "Preferences retrieved from cache",
];

#[tokio::test]
async fn what_was_read_once_comes_from_the_cache() {
    let service = Service::running();
    let user = service.registered_user().await;
    for (path, name, from_database) in [
        (PROFILE, "user", "User profile retrieved successfully"),
        (
            PREFERENCES,
            "preferences",
            "Preferences retrieved successfully",
        ),
    ] {
        service.redis::<i64>(&["DEL", &key(&user, name)]).await;

        let first = user.get(path).await;

        assert_eq!(first.text("/message"), from_database);
        eventually("a cached answer", async || is_cached(&user, path).await).await;
        assert_eq!(user.get(path).await.data(), first.data());
    }
}

#[tokio::test]
async fn registration_and_login_fill_the_cache() {
    let service = Service::running();
    let user = service.registered_user().await;
    assert!(is_cached(&user, PROFILE).await && is_cached(&user, PREFERENCES).await);
    for name in ["user", "preferences"] {
        service.redis::<i64>(&["DEL", &key(&user, name)]).await;
    }

    let user = user.another_session().await;

    assert!(is_cached(&user, PROFILE).await && is_cached(&user, PREFERENCES).await);
    assert!(user.get(PROFILE).await.data()["last_login"].is_string());
}

#[tokio::test]
async fn entries_live_as_long_as_they_should() {
    let service = Service::running();
    let user = service.registered_user().await;
    assert!(user.has_access().await);
    for (key, least, most) in [
        (key(&user, "user"), 3_200, 3_600),
        (key(&user, "preferences"), 77_000, 86_400),
        (user.session_key(), 0, 60),
    ] {
        let left: i64 = service.redis(&["TTL", &key]).await;
        assert!((least..=most).contains(&left), "{key} lives for {left} s");
    }
}

#[tokio::test]
async fn the_answer_says_what_took_how_long() {
    let service = Service::running();
    let user = service.registered_user().await;
    user.get(PREFERENCES).await;

    let hit = user.get(PREFERENCES).await;
    let _: i64 = service.redis(&["DEL", &key(&user, "preferences")]).await;
    let miss = user.get(PREFERENCES).await;
    let nowhere = service.client().get("/nope").await;

    for (answer, expected) in [
        (hit, "total cache;desc=hit"),
        (miss, "total db cache;desc=miss"),
        (nowhere, "total cache"),
    ] {
        let timing = answer.header("server-timing");
        let names: Vec<_> = timing
            .split(", ")
            .map(|part| {
                let (name, duration) = part.rsplit_once(";dur=").expect("a duration");
                assert!(duration.parse::<f64>().is_ok_and(|ms| ms >= 0.0), "{part}");
                name
            })
            .collect();
        assert_eq!(names.join(" "), expected, "{answer}");
    }
}

#[tokio::test]
async fn no_secret_is_in_redis() {
    let service = Service::running();
    let push_token = format!("fcm-{}", random_hex(32));
    let account = NewAccount::random().push_token(&push_token);
    let user = TestUser::register(service.client(), &account).await;
    let user = user.another_session().await;
    for path in [PROFILE, PREFERENCES, PUSH_TOKENS] {
        user.get(path).await;
    }

    let keys: Vec<String> = service.redis(&["KEYS", &key(&user, "*")]).await;
    assert!(keys.len() >= 3, "{keys:?}");
    let mut held = String::new();
    for key in keys {
        held.push_str(&service.redis_text(&key).await);
    }

    assert!(held.contains(&user.email), "the user object is among it");
    let session = user.refresh.rsplit('.').next().expect("a signature");
    for secret in [
        "tokens\":",
        "eyJ",
        "$argon2",
        &push_token,
        &user.password,
        session,
    ] {
        assert!(!held.contains(secret), "{secret} is in {held}");
    }
    let with_address: Vec<String> = service.redis(&["KEYS", "*@*"]).await;
    assert!(with_address.is_empty(), "{with_address:?}");
}

#[tokio::test]
async fn a_change_leaves_the_new_value_or_a_tombstone_of_its_version() {
    let service = Service::running();
    let user = service.registered_user().await;

    user.put(PREFERENCES, &json!({"frequency_limit": 4})).await;

    assert!(
        is_cached(&user, PREFERENCES).await,
        "the new value is there at once"
    );
    let version: i64 = service
        .value("select version from users where id = $1", &[&user.id])
        .await;
    let user_key = key(&user, "user");
    let fields: Vec<String> = service.redis(&["HGETALL", &user_key]).await;
    assert_eq!(fields, ["version", &version.to_string()]);
    let left: i64 = service.redis(&["TTL", &user_key]).await;
    assert!((1..=120).contains(&left), "{left}");
    let preferences: i64 = service
        .redis(&["HGET", &key(&user, "preferences"), "version"])
        .await;
    assert_eq!(preferences, version);

    eventually("the user object is cached again", async || {
        is_cached(&user, PROFILE).await
    })
    .await;
    let profile = user.get(PROFILE).await;
    assert_eq!(
        profile.data()["notification_preferences"]["frequency_limit"],
        4
    );
}

#[tokio::test]
async fn what_was_read_before_a_newer_write_does_not_get_into_the_cache() {
    let service = Service::running();
    let user = service.registered_user().await;
    for (path, name) in [(PROFILE, "user"), (PREFERENCES, "preferences")] {
        // As if a change had just been written that these reads have not seen.
        let key = key(&user, name);
        service.redis::<i64>(&["DEL", &key]).await;
        service
            .redis::<i64>(&["HSET", &key, "version", "1000000"])
            .await;
        for _ in 0..5 {
            assert!(!is_cached(&user, path).await);
        }
        let fields: Vec<Option<String>> =
            service.redis(&["HMGET", &key, "version", "document"]).await;
        assert_eq!(fields, [Some("1000000".to_owned()), None]);
    }
}

#[tokio::test]
async fn a_write_replaces_whatever_is_older() {
    let service = Service::running();
    let user = service.registered_user().await;
    for name in ["user", "preferences"] {
        let old = [
            "HSET",
            &key(&user, name),
            "version",
            "0",
            "document",
            r#"{"old":true}"#,
        ];
        service.redis::<i64>(&old).await;
    }

    user.put(PREFERENCES, &json!({"frequency_limit": 4})).await;

    assert_eq!(user.get(PREFERENCES).await.data()["frequency_limit"], 4);
    assert_eq!(user.get(PROFILE).await.data()["id"], user.id.to_string());
}

#[tokio::test]
async fn every_change_inside_the_user_object_shows_in_the_next_read() {
    let service = Service::running();
    let user = service.registered_user().await;
    let body = json!({"token": random_hex(32), "platform": "web"});
    assert!(is_cached(&user, PROFILE).await);

    let row = user.post(PUSH_TOKENS, &body).await;
    assert_eq!(user.get(PROFILE).await.data()["push_tokens_count"], 1);
    eventually("a cached answer", async || is_cached(&user, PROFILE).await).await;

    let url = format!("{PUSH_TOKENS}/{}", row.text("/data/id"));
    user.delete(&url).await;
    assert_eq!(user.get(PROFILE).await.data()["push_tokens_count"], 0);
    eventually("a cached answer", async || is_cached(&user, PROFILE).await).await;

    user.put(PREFERENCES, &json!({"email_enabled": false}))
        .await;
    let profile = user.get(PROFILE).await;
    assert_eq!(
        profile.data()["notification_preferences"]["email_enabled"],
        false
    );

    user.put(PROFILE, &json!({"phone_number": "1"})).await;
    assert_eq!(user.get(PROFILE).await.data()["phone_number"], "1");
}

#[tokio::test]
async fn a_session_that_redis_does_not_know_is_looked_up_and_remembered() {
    let service = Service::running();
    let user = service.registered_user().await;
    service.redis::<i64>(&["DEL", &user.session_key()]).await;

    assert!(user.has_access().await);

    eventually("the session is remembered", async || {
        service
            .redis::<Option<String>>(&["GET", &user.session_key()])
            .await
            .as_deref()
            == Some("live")
    })
    .await;
}

#[tokio::test]
async fn a_session_that_redis_does_not_know_is_remembered_by_its_refresh() {
    let service = Service::running();
    let user = service.registered_user().await;
    let is_remembered = async || {
        let state: Option<String> = service.redis(&["GET", &user.session_key()]).await;
        state.as_deref() == Some("live")
    };
    eventually("the session is remembered", is_remembered).await;
    service.redis::<i64>(&["DEL", &user.session_key()]).await;

    user.refreshed().await;

    eventually("it is remembered again", is_remembered).await;
}

#[tokio::test]
async fn an_ended_session_is_remembered_for_the_life_of_its_access_tokens() {
    let service = Service::running();
    let user = service.registered_user().await;

    user.post(LOGOUT, &json!({})).await;

    let state: String = service.redis(&["GET", &user.session_key()]).await;
    assert_eq!(state, "revoked");
    let left: i64 = service.redis(&["TTL", &user.session_key()]).await;
    assert!((3_500..=3_600).contains(&left), "{left}");
    assert!(!user.has_access().await);
    let state: String = service.redis(&["GET", &user.session_key()]).await;
    assert_eq!(state, "revoked", "no later fill undoes it");
}

#[tokio::test]
async fn an_emptied_redis_brings_no_ended_session_back() {
    let service = Service::with_variables(&[]);
    let kept = service.registered_user().await;
    let ended = kept.another_session().await;
    ended.post(LOGOUT, &json!({})).await;
    for _ in 0..3 {
        service.redis::<()>(&["FLUSHALL"]).await;
        assert!(!ended.has_access().await);
        assert!(kept.has_access().await);
        assert_eq!(kept.get(PREFERENCES).await.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn an_emptied_redis_is_filled_with_who_was_active_within_the_hour() {
    let service = Service::on_own_servers(&[]);
    let active = service.registered_user().await;
    let away = service.registered_user().await;
    let idle =
        "update sessions set last_used_at = now() - interval '61 minutes' where user_id = $1";
    service.execute(idle, &[&away.id]).await;
    let left = service.registered_user().await;
    left.post(LOGOUT, &json!({})).await;
    service.redis::<()>(&["FLUSHALL"]).await;

    let warmed = warm(&service).await;

    assert_eq!(*warmed.data(), json!({"users": 1, "complete": true}));
    for (user, expected) in [(&active, 2), (&away, 0), (&left, 0)] {
        let keys = ["user", "preferences"].map(|name| key(user, name));
        let cached: i64 = service.redis(&["EXISTS", &keys[0], &keys[1]]).await;
        assert_eq!(cached, expected);
    }
    let [profile, preferences] = [PROFILE, PREFERENCES].map(|path| active.get(path));
    let (profile, preferences) = join(profile, preferences).await;
    assert_eq!(
        [profile.text("/message"), preferences.text("/message")],
        FROM_CACHE
    );
    assert_eq!(
        profile.data()["notification_preferences"],
        *preferences.data()
    );
    let again = warm(&service).await;
    assert_eq!(*again.data(), json!({"users": 0, "complete": true}));
}

#[tokio::test]
async fn a_cache_that_is_not_there_is_not_warmed() {
    let service = Service::without_redis();
    service.registered_user().await;
    let warmed = warm(&service).await;
    assert_eq!(*warmed.data(), json!({"users": 0, "complete": false}));
}

async fn warm(service: &Service) -> Answer {
    let client = service.host_client();
    let request = client.request(Method::POST, "/internal/cache/warm");
    let answer = request.bearer(service.internal_secret()).send().await;
    assert_eq!(answer.status, StatusCode::OK, "{answer}");
    answer
}

#[tokio::test]
async fn of_many_who_miss_the_same_few_ask_postgresql() {
    let service = Service::with_variables(&[]);
    let user = service.registered_user().await;
    for path in [PROFILE, PREFERENCES] {
        assert!(user.has_access().await);
        service.redis::<()>(&["FLUSHALL"]).await;
        let before = postgresql_round_trips(&service, path).await;

        let answers = join_all((0..64).map(|_| user.get(path))).await;

        for answer in &answers {
            assert_eq!(answer.status, StatusCode::OK, "{answer}");
            assert_eq!(answer.data(), answers[0].data());
        }
        let asked = postgresql_round_trips(&service, path).await - before;
        // Without waiting each would ask twice: for the session and for the document. Each instance
        // looks for what Redis has missed.
        assert!((2..=32).contains(&asked), "{path}: {asked} round trips");
    }
}

#[tokio::test]
async fn who_waits_in_vain_is_answered_by_postgresql() {
    let service = Service::with_variables(&[]);
    let user = service.registered_user().await;
    let key = key(&user, "user");
    service.redis::<i64>(&["DEL", &key]).await;
    // As if somebody had begun to read it, and had gone.
    let for_ever = "99999999999999999";
    service
        .redis::<i64>(&["HSET", &key, "awaited_until", for_ever])
        .await;

    let answer = user.get(PROFILE).await;

    assert_eq!(
        answer.text("/message"),
        "User profile retrieved successfully"
    );
    eventually("a cached answer", async || is_cached(&user, PROFILE).await).await;
}

/// How often requests of `path` have asked PostgreSQL, by the lines of all that were made until now.
async fn postgresql_round_trips(service: &Service, path: &str) -> u64 {
    let id = format!("mark-{}", random_hex(16));
    let mark = service.client().request(Method::GET, path);
    mark.header("x-request-id", &id).send().await;
    let log = service.stack().host().expect("a host").log().to_owned();
    let lines = || fs::read_to_string(&log).expect("the host's log");
    eventually("the last line is written", async || lines().contains(&id)).await;
    let requests = lines();
    let requests = requests
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok());
    requests
        .filter(|line| line["path"] == path)
        .filter_map(|line| line["postgres_round_trips"].as_u64())
        .sum()
}

#[tokio::test]
async fn junk_in_redis_is_passed_over() {
    let service = Service::with_variables(&[]);
    let user = service.registered_user().await;
    for (path, name) in [(PROFILE, "user"), (PREFERENCES, "preferences")] {
        let key = key(&user, name);
        let expected = user.get(path).await;
        for junk in [
            &["HSET", &key, "document", "no JSON"][..],
            &["HSET", &key, "document", ""],
            &["HSET", &key, "document", "{"],
            &["SET", &key, "no hash"],
        ] {
            service.redis::<redis::Value>(junk).await;
            let answer = user.get(path).await;
            assert_eq!(answer.status, StatusCode::OK, "{junk:?}: {answer}");
            assert_eq!(answer.data(), expected.data(), "{junk:?}");
        }
        service.redis::<i64>(&["DEL", &key]).await;
    }
}

fn key(user: &TestUser, name: &str) -> String {
    format!("us:{{{}}}:{name}", user.id)
}

/// Whether a read is answered from the cache.
async fn is_cached(user: &TestUser, path: &str) -> bool {
    let answer = user.get(path).await;
    assert_eq!(answer.status, StatusCode::OK, "{answer}");
    FROM_CACHE.contains(&answer.text("/message"))
}
