//! `POST /api/v1/services/delivery/decide` and `.../explain`

use e2e::{Answer, Service, SignedInService, TestUser, random_hex};
use futures::future::join_all;
use http::StatusCode;
use serde_json::{Value, json};

const DECIDE: &str = "/api/v1/services/delivery/decide";
const EXPLAIN: &str = "/api/v1/services/delivery/explain";
const PREFERENCES: &str = "/api/v1/users/preferences";

#[tokio::test]
async fn a_message_that_nothing_speaks_against_may_go_out() {
    let service = Service::running();
    let (caller, user) = caller_and_user(&service).await;

    let answer = decide(&caller, &user, "email", "transactional").await;

    assert_eq!(answer.data()["outcome"], "allow", "{answer}");
    assert_eq!(answer.data()["until"], Value::Null);
    let rules: Vec<_> = reasons(&answer, "rule");
    assert_eq!(
        rules,
        [
            "account",
            "channel_switch",
            "category_switch",
            "quiet_hours",
            "frequency_limit"
        ],
        "{answer}"
    );
    assert_eq!(slots(&service, &user).await, 1);
}

#[tokio::test]
async fn what_the_user_has_switched_off_is_dropped() {
    let service = Service::running();
    let (caller, user) = caller_and_user(&service).await;
    let switches = json!({"email_security": false, "push_enabled": false});
    assert_ok(&user.put(PREFERENCES, &switches).await);

    for (channel, category, outcome) in [
        ("email", "security", "drop"),
        ("push", "security", "drop"),
        ("push", "transactional", "drop"),
        ("email", "marketing", "allow"),
    ] {
        let answer = decide(&caller, &user, channel, category).await;
        assert_eq!(
            answer.data()["outcome"],
            outcome,
            "{channel} {category}: {answer}"
        );
    }
}

#[tokio::test]
async fn nothing_goes_to_who_is_gone_or_closed() {
    let service = Service::running();
    let (caller, user) = caller_and_user(&service).await;
    let close = "update users set is_active = false where id = $1";
    service.execute(close, &[&user.id]).await;
    let closed = decide(&caller, &user, "email", "security").await;
    assert_eq!(closed.data()["outcome"], "drop", "{closed}");

    let body = json!({"user_id": uuid::Uuid::new_v4(), "channel": "email", "category": "system"});
    let unknown = caller.post(DECIDE, &body).await;
    assert_ok(&unknown);
    assert_eq!(unknown.data()["outcome"], "drop", "{unknown}");
}

#[tokio::test]
async fn quiet_hours_defer_in_the_users_own_time() {
    let service = Service::running();
    let (caller, user) = caller_and_user(&service).await;
    let zone = json!({"profile": {"timezone": "America/New_York"}});
    assert_ok(&user.put("/api/v1/users/profile", &zone).await);
    let quiet = json!({"do_not_disturb_start": "22:00", "do_not_disturb_end": "07:00"});
    assert_ok(&user.put(PREFERENCES, &quiet).await);
    for (now, category, outcome, until) in [
        // 23:30 in New York, in winter.
        (
            "2027-01-11T04:30:00Z",
            "marketing",
            "defer",
            json!("2027-01-11T12:00:00.000000Z"),
        ),
        ("2027-01-11T04:30:00Z", "security", "allow", Value::Null),
        ("2027-01-11T12:00:00Z", "marketing", "allow", Value::Null),
        // The night in which clocks go forward has an hour less.
        (
            "2027-03-14T04:30:00Z",
            "marketing",
            "defer",
            json!("2027-03-14T11:00:00.000000Z"),
        ),
    ] {
        let body = json!({
            "user_id": user.id, "channel": "email", "category": category, "now": now,
        });
        let answer = caller.post(EXPLAIN, &body).await;
        assert_ok(&answer);
        assert_eq!(
            answer.data()["outcome"],
            outcome,
            "{now} {category}: {answer}"
        );
        assert_eq!(answer.data()["until"], until, "{now} {category}");
    }
    assert_eq!(slots(&service, &user).await, 0, "explaining takes nothing");
}

#[tokio::test]
async fn above_the_limit_marketing_is_dropped_and_the_rest_is_digest() {
    let service = Service::running();
    let (caller, user) = caller_and_user(&service).await;
    assert_ok(&user.put(PREFERENCES, &json!({"frequency_limit": 2})).await);
    let outcomes = async |channel, categories: &[&'static str]| {
        let mut outcomes = Vec::new();
        for category in categories {
            let answer = decide(&caller, &user, channel, category).await;
            outcomes.push(answer.data()["outcome"].as_str().map(str::to_owned));
        }
        outcomes.into_iter().flatten().collect::<Vec<_>>()
    };

    let email = outcomes(
        "email",
        &[
            "system",
            "security",
            "marketing",
            "marketing",
            "transactional",
            "security",
        ],
    );
    assert_eq!(
        email.await,
        ["allow", "allow", "allow", "drop", "digest", "allow"]
    );
    // Each channel has a limit of its own.
    assert_eq!(outcomes("push", &["system"]).await, ["allow"]);
    assert_eq!(slots(&service, &user).await, 3);

    let digest = decide(&caller, &user, "email", "system").await;
    assert!(digest.data()["next_slot_at"].is_string(), "{digest}");
    let age = "update delivery_slots set taken_at = taken_at - interval '1 day' where user_id = $1";
    service.execute(age, &[&user.id]).await;
    assert_eq!(
        outcomes("email", &["marketing"]).await,
        ["allow"],
        "a day later"
    );

    assert_ok(&user.put(PREFERENCES, &json!({"frequency_limit": 0})).await);
    assert_eq!(
        outcomes("email", &["marketing"; 4]).await,
        ["allow"; 4],
        "no limit"
    );
}

#[tokio::test]
async fn of_64_decisions_at_once_exactly_as_many_are_allowed_as_the_limit_says() {
    let service = Service::running();
    let (caller, user) = caller_and_user(&service).await;
    assert_ok(&user.put(PREFERENCES, &json!({"frequency_limit": 10})).await);

    let answers = join_all((0..64).map(|_| decide(&caller, &user, "email", "system"))).await;

    let of = |outcome| {
        let outcomes = answers.iter().map(|answer| &answer.data()["outcome"]);
        outcomes.filter(|given| *given == outcome).count()
    };
    assert_eq!((of("allow"), of("digest")), (10, 54));
    assert_eq!(slots(&service, &user).await, 10);
}

#[tokio::test]
async fn a_repeated_request_is_free() {
    let service = Service::running();
    let (caller, user) = caller_and_user(&service).await;
    assert_ok(&user.put(PREFERENCES, &json!({"frequency_limit": 1})).await);
    let key = random_hex(32);
    let body = |category| {
        json!({
            "user_id": user.id, "channel": "email", "category": category, "idempotency_key": key,
        })
    };
    let system = body("system");

    let answers = join_all((0..8).map(|_| caller.post(DECIDE, &system))).await;
    for answer in answers.iter().chain([&caller.post(DECIDE, &system).await]) {
        assert_ok(answer);
        assert_eq!(answer.data()["outcome"], "allow", "{answer}");
    }
    assert_eq!(slots(&service, &user).await, 1);

    let other = caller.post(DECIDE, &body("marketing")).await;
    assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY, "{other}");
    assert!(other.data()["idempotency_key"].is_array(), "{other}");
    // Another service's keys are its own.
    let stranger = SignedInService::new(&service, &["delivery:decide"]).await;
    let answer = stranger.post(DECIDE, &system).await;
    assert_eq!(answer.data()["outcome"], "digest", "{answer}");
}

#[tokio::test]
async fn a_batch_is_decided_in_its_order() {
    let service = Service::running();
    let (caller, ada) = caller_and_user(&service).await;
    let bob = service.registered_user().await;
    assert_ok(&ada.put(PREFERENCES, &json!({"frequency_limit": 2})).await);
    assert_ok(&bob.put(PREFERENCES, &json!({"email_enabled": false})).await);
    let request = |user: &TestUser, category| json!({"user_id": user.id, "channel": "email", "category": category});
    let requests = [
        request(&ada, "system"),
        request(&bob, "system"),
        request(&ada, "marketing"),
        request(&ada, "system"),
        request(&ada, "security"),
    ];

    let answer = caller.post(DECIDE, &json!({ "requests": requests })).await;

    assert_ok(&answer);
    let decisions = answer.data()["decisions"].as_array().expect("a list");
    let outcomes: Vec<_> = decisions
        .iter()
        .map(|decision| &decision["outcome"])
        .collect();
    assert_eq!(
        outcomes,
        ["allow", "drop", "allow", "digest", "allow"],
        "{answer}"
    );
    assert_eq!(slots(&service, &ada).await, 2);
}

#[tokio::test]
async fn what_is_wrong_is_named_and_nothing_is_taken() {
    let service = Service::running();
    let (caller, user) = caller_and_user(&service).await;
    let good = json!({"user_id": user.id, "channel": "email", "category": "system"});
    let bad = json!({"user_id": "x", "channel": "smoke", "idempotency_key": "a b"});

    let answer = caller.post(DECIDE, &bad).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{answer}");
    for field in ["user_id", "channel", "category", "idempotency_key"] {
        assert!(answer.data()[field].is_array(), "{field}: {answer}");
    }
    let batch = json!({"requests": [good, bad]});
    let answer = caller.post(DECIDE, &batch).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{answer}");
    assert!(
        answer.data()["requests"]["1"]["channel"].is_array(),
        "{answer}"
    );
    assert_eq!(slots(&service, &user).await, 0);
}

async fn caller_and_user(service: &Service) -> (SignedInService, TestUser) {
    let caller = SignedInService::new(service, &["delivery:decide"]).await;
    let user = service.registered_user().await;
    assert_ok(&user.put(PREFERENCES, &json!({"push_enabled": true})).await);
    (caller, user)
}

async fn decide(
    caller: &SignedInService,
    user: &TestUser,
    channel: &str,
    category: &str,
) -> Answer {
    let body = json!({"user_id": user.id, "channel": channel, "category": category});
    let answer = caller.post(DECIDE, &body).await;
    assert_ok(&answer);
    answer
}

fn reasons<'a>(answer: &'a Answer, field: &str) -> Vec<&'a str> {
    let reasons = answer.data()["reasons"].as_array().expect("a list");
    reasons
        .iter()
        .filter_map(|reason| reason[field].as_str())
        .collect()
}

async fn slots(service: &Service, user: &TestUser) -> i64 {
    let count = "select count(*) from delivery_slots where user_id = $1";
    service.value(count, &[&user.id]).await
}

fn assert_ok(answer: &Answer) {
    assert_eq!(answer.status, StatusCode::OK, "{answer}");
}
