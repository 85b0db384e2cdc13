//! `POST /internal/sweep`: what is kept no longer goes away, and what is still good for something stays.

use std::time::Duration;

use e2e::{Answer, Service, TestUser, eventually, random_hex};
use http::{Method, StatusCode};
use serde_json::json;
use tokio::time::sleep;
use uuid::Uuid;

const PREFERENCES: &str = "/api/v1/users/preferences";

#[tokio::test]
async fn one_call_removes_all_however_much_it_is() {
    let service = Service::on_own_servers(&[]);
    let user = service.registered_user().await;
    let slots = "insert into delivery_slots (user_id, channel, category, taken_at, service_account_id)
         select $1, 'push', 'marketing', now() - age, gen_random_uuid()
         from unnest(array[interval '47 hours', interval '3 days']) as age, generate_series(1, 4500)";
    service.execute(slots, &[&user.id]).await;
    dead_letter(&service, user.id, "user.profile_updated", 91).await;
    dead_letter(&service, Uuid::new_v4(), "user.profile_updated", 1).await;
    waiting(&service, user.id, "elsewhere", 31).await;

    let expected = |slots, dead_letters, events| {
        json!({
            "push_tokens": 0,
            "delivery_slots": slots,
            "dead_letters": dead_letters,
            "undeliverable_events": events,
            "rate_limits": 0,
            "sessions": 0,
            "audit_log": 0,
            "accounts": 0,
            "account_tokens": 0,
            "expired_events": 0,
            "idempotency_keys": 0,
            "legacy_refresh_tokens": 0,
            "complete": true,
        })
    };
    let swept = sweep(&service).await;
    assert_eq!(*swept.data(), expected(4500, 2, 1));
    let swept = sweep(&service).await;
    assert_eq!(*swept.data(), expected(0, 0, 0));
    let left = "select count(*) from delivery_slots";
    assert_eq!(service.value::<i64>(left, &[]).await, 4500);
}

#[tokio::test]
async fn a_sweep_waits_for_longer_than_the_request_of_a_user_may() {
    let service = Service::on_own_servers(&[("request_deadline_ms", "150")]);
    let holder = service.connection().await;
    let lock = "begin; lock table delivery_slots in access exclusive mode";
    holder.batch_execute(lock).await.expect("the lock");
    let release = async {
        sleep(Duration::from_millis(400)).await;
        holder.batch_execute("rollback").await.expect("no lock");
    };

    let (swept, ()) = tokio::join!(sweep(&service), release);

    assert_eq!(swept.data()["complete"], true, "{swept}");
}

#[tokio::test]
async fn dead_letters_go_after_90_days() {
    let service = Service::running();
    let user = service.registered_user().await;
    let old = dead_letter(&service, user.id, "user.profile_updated", 91).await;
    let kept = dead_letter(&service, user.id, "user.profile_updated", 89).await;

    sweep(&service).await;

    assert_gone(&service, old).await;
    take_away(&service, kept).await;
}

#[tokio::test]
async fn dead_letters_of_who_has_left_go_at_once_but_what_tells_of_it_in_30_days() {
    let service = Service::running();
    let stranger = Uuid::new_v4();
    let letter = dead_letter(&service, stranger, "user.profile_updated", 0).await;
    let told = dead_letter(&service, stranger, "user.deleted", 29).await;
    let told_long_ago = dead_letter(&service, stranger, "user.deleted", 31).await;

    sweep(&service).await;

    assert_gone(&service, letter).await;
    assert_gone(&service, told_long_ago).await;
    take_away(&service, told).await;
}

#[tokio::test]
async fn events_for_a_destination_that_is_gone_go_after_30_days() {
    let service = Service::running();
    // Nobody whose other events take these along.
    let old = waiting(&service, Uuid::new_v4(), "elsewhere", 31).await;
    let young = waiting(&service, Uuid::new_v4(), "elsewhere", 29).await;

    sweep(&service).await;

    assert_gone(&service, old).await;
    take_away(&service, young).await;
}

#[tokio::test]
async fn counts_of_attempts_go_when_they_have_expired() {
    let service = Service::running();
    let (old, kept) = (random_hex(32), random_hex(32));
    for (key, age) in [(&old, 1.0), (&kept, -3600.0)] {
        let counts = "insert into rate_limits (key, attempts, expires_at)
             values ($1, '{}', now() - make_interval(secs => $2))";
        service.execute(counts, &[key, &age]).await;
    }

    sweep(&service).await;

    let is_there = async |key: &str| {
        let count = "select count(*) from rate_limits where key = $1";
        service.value::<i64>(count, &[&key]).await == 1
    };
    eventually("it has gone", async || !is_there(&old).await).await;
    assert!(is_there(&kept).await);
}

#[tokio::test]
async fn sessions_go_a_day_after_they_have_expired() {
    let service = Service::running();
    let [gone, expired, live] = [
        service.registered_user().await,
        service.registered_user().await,
        service.registered_user().await,
    ];
    for (user, hours) in [(&gone, 25_i32), (&expired, 23)] {
        let expire = "update sessions set expires_at = now() - make_interval(hours => $2)
             where user_id = $1";
        service.execute(expire, &[&user.id, &hours]).await;
    }

    sweep(&service).await;

    eventually("it has gone", async || sessions(&service, &gone).await == 0).await;
    assert_eq!(sessions(&service, &expired).await, 1);
    assert_eq!(sessions(&service, &live).await, 1);
    assert_eq!(live.get(PREFERENCES).await.status, StatusCode::OK);
}

async fn sweep(service: &Service) -> Answer {
    let client = service.host_client();
    let request = client.request(Method::POST, "/internal/sweep");
    let answer = request.bearer(service.internal_secret()).send().await;
    assert_eq!(answer.status, StatusCode::OK, "{answer}");
    answer
}

/// A dead letter of `user` that became one so many days ago.
async fn dead_letter(service: &Service, user: Uuid, event_type: &str, days: i32) -> Uuid {
    let id = Uuid::new_v4();
    let letter = "insert into outbox (id, destination, user_id, sequence, type, data, dead_at)
         values ($1, 'rabbitmq', $2, 1000000 + $4, $3, '{}', now() - make_interval(days => $4))";
    service
        .execute(letter, &[&id, &user, &event_type, &days])
        .await;
    id
}

/// An event of `user` that nobody has tried to deliver for so many days.
async fn waiting(service: &Service, user: Uuid, destination: &str, days: i32) -> Uuid {
    let id = Uuid::new_v4();
    let event = "insert into outbox (id, destination, user_id, sequence, type, data)
         values ($1, $2, $3, 1000000 + $4, 'user.profile_updated', '{}')";
    service
        .execute(event, &[&id, &destination, &user, &days])
        .await;
    let tried = "update outbox_streams set next_attempt_at = now() - make_interval(days => $3)
         where destination = $1 and user_id = $2";
    service.execute(tried, &[&destination, &user, &days]).await;
    id
}

async fn is_there(service: &Service, event: Uuid) -> bool {
    let count = "select count(*) from outbox where id = $1";
    service.value::<i64>(count, &[&event]).await == 1
}

/// Another test's sweep may have it in hand at the moment.
async fn assert_gone(service: &Service, event: Uuid) {
    eventually("it has gone", async || !is_there(service, event).await).await;
}

/// Makes sure that it is there, and leaves it to no other test.
async fn take_away(service: &Service, event: Uuid) {
    let delete = "delete from outbox where id = $1";
    assert_eq!(service.execute(delete, &[&event]).await, 1);
}

async fn sessions(service: &Service, user: &TestUser) -> i64 {
    let count = "select count(*) from sessions where user_id = $1";
    service.value(count, &[&user.id]).await
}
