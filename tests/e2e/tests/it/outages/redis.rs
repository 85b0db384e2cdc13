//! Without Redis everything still works, and nothing that has ended comes back.

use std::time::Duration;

use e2e::{NewAccount, Service, eventually};
use futures::future::join_all;
use http::StatusCode;
use serde_json::json;
use stack::Signal;
use tokio::time::sleep;

use super::{
    HEALTHY, LOGOUT, PREFERENCES, PROFILE, REGISTER, assert_everything_works, assert_health,
    assert_ok, health,
};

const DEGRADED: &str = "degraded: database healthy, cache unhealthy";

#[tokio::test]
async fn without_redis_every_route_works() {
    let service = Service::without_redis();
    assert_everything_works(&service).await;
    assert_health(&service, 200, DEGRADED).await;
}

#[tokio::test]
async fn without_redis_registrations_are_limited_as_strictly() {
    let service = Service::without_redis();
    let client = service.client();
    let accounts: Vec<_> = (0..20).map(|_| NewAccount::random()).collect();

    let answers = join_all(
        accounts
            .iter()
            .map(|account| client.post(REGISTER, account)),
    )
    .await;

    let created = answers
        .iter()
        .filter(|answer| answer.status == StatusCode::CREATED);
    assert_eq!(created.count(), 5);
    for answer in &answers {
        let limit = answer.rate_limit("registration");
        assert_eq!((limit.quota, limit.window), (5, 3_600), "{answer}");
        if answer.status != StatusCode::CREATED {
            assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS, "{answer}");
            assert_eq!(limit.remaining, 0);
            assert_eq!(answer.header("retry-after"), limit.reset.to_string());
        }
    }
    let elsewhere = service.client().post(REGISTER, &NewAccount::random()).await;
    assert_eq!(elsewhere.status, StatusCode::CREATED, "{elsewhere}");
}

#[tokio::test]
async fn without_redis_logins_are_limited_as_strictly() {
    let service = Service::without_redis();
    let user = service.registered_user().await;

    let answers = join_all((0..50).map(|_| user.try_login("not the password"))).await;

    let tried = |answer: &&e2e::Answer| answer.status == StatusCode::UNPROCESSABLE_ENTITY;
    assert_eq!(answers.iter().filter(tried).count(), 10);
    for answer in answers.iter().filter(|answer| !tried(answer)) {
        assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS, "{answer}");
    }
    let right = user.try_login(&user.password).await;
    assert_eq!(right.status, StatusCode::TOO_MANY_REQUESTS, "{right}");
    assert!(user.has_access().await, "other routes are let through");
}

#[tokio::test]
async fn a_redis_that_ends_is_done_without_until_it_is_back() {
    let service = Service::on_own_servers(&[]);
    let redis = service.stack().redis().expect("a Redis of its own");
    for killed in [false, true] {
        let user = service.registered_user().await;
        let ended = user.another_session().await;
        assert!(ended.has_access().await);

        if killed {
            redis.signal(Signal::KILL).expect("it runs");
        }
        redis.stop();
        assert!(user.has_access().await);
        assert_ok(&ended.post(LOGOUT, &json!({})).await);
        assert!(!ended.has_access().await);
        assert_everything_works(&service).await;
        assert_health(&service, 200, DEGRADED).await;

        redis.start().expect("it starts again");
        eventually("Redis is used again", async || {
            health(&service).await.1 == HEALTHY
        })
        .await;
        assert!(!ended.has_access().await);
        assert!(user.has_access().await);
        assert_everything_works(&service).await;
        eventually("answers are cached again", async || {
            user.get(PROFILE)
                .await
                .text("/message")
                .ends_with("from cache")
        })
        .await;
    }
}

#[tokio::test]
async fn a_frozen_redis_is_done_without_and_told_afterwards_what_it_missed() {
    let service = Service::on_own_servers(&[]);
    let redis = service.stack().redis().expect("a Redis of its own");
    let user = service.registered_user().await;
    let ended = user.another_session().await;
    assert!(ended.has_access().await);
    user.get(PREFERENCES).await;

    redis.signal(Signal::STOP).expect("it runs");
    assert_ok(&ended.post(LOGOUT, &json!({})).await);
    assert!(!ended.has_access().await);
    for value in 1..=3 {
        let answer = user
            .put(PREFERENCES, &json!({"frequency_limit": value}))
            .await;
        assert_ok(&answer);
        assert_eq!(user.get(PREFERENCES).await.data()["frequency_limit"], value);
    }
    assert_ok(&user.put(PROFILE, &json!({"phone_number": "1"})).await);
    assert_everything_works(&service).await;
    assert_health(&service, 200, DEGRADED).await;

    // The instances that know that Redis was away end meanwhile.
    sleep(Duration::from_millis(1_500)).await;
    redis.signal(Signal::CONT).expect("it runs");
    // Redis is told first what it missed.
    assert!(!ended.has_access().await);
    let preferences = user.get(PREFERENCES).await;
    assert_eq!(preferences.data()["frequency_limit"], 3, "{preferences}");
    let profile = user.get(PROFILE).await;
    assert_eq!(profile.data()["phone_number"], "1", "{profile}");
    assert_eq!(
        profile.data()["notification_preferences"]["frequency_limit"],
        3
    );
    eventually("nothing is left to be told", async || {
        user.get(PREFERENCES).await;
        service
            .value::<i64>("select count(*) from untold_changes", &[])
            .await
            == 0
    })
    .await;
    assert_health(&service, 200, HEALTHY).await;
    assert_everything_works(&service).await;
}

#[tokio::test]
async fn a_redis_that_is_emptied_in_mid_use_changes_nothing() {
    let service = Service::with_variables(&[]);
    let user = service.registered_user().await;
    let ended = user.another_session().await;
    assert_ok(&ended.post(LOGOUT, &json!({})).await);
    for value in 1..=5 {
        service.redis::<()>(&["FLUSHALL"]).await;
        assert!(!ended.has_access().await);
        assert_ok(
            &user
                .put(PREFERENCES, &json!({"frequency_limit": value}))
                .await,
        );
        service.redis::<()>(&["FLUSHALL"]).await;
        let profile = user.get(PROFILE).await;
        assert_eq!(
            profile.data()["notification_preferences"]["frequency_limit"],
            value
        );
    }
    service.redis::<()>(&["SCRIPT", "FLUSH"]).await;
    assert_everything_works(&service).await;
}
