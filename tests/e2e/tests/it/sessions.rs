//! Sessions across the routes: their end is final, and Redis only remembers it.

use e2e::{Service, TestUser, eventually};
use futures::future::join_all;
use http::{Method, StatusCode};
use insta::assert_snapshot;
use serde_json::json;

#[tokio::test]
async fn an_ended_session_stays_ended_when_redis_forgets() {
    let service = Service::with_variables(&[("refresh_reuse_interval", "0")]);
    let logged_out = service.registered_user().await;
    logged_out.post("/api/v1/users/logout", &json!({})).await;
    let of_the_thief = service.registered_user().await;
    of_the_thief.refreshed().await;
    of_the_thief.try_refresh().await;
    let user = service.registered_user().await;
    let before_the_change = user.another_session().await;
    let body = json!({
        "old_password": user.password,
        "new_password": "Nx7! another one",
        "new_password_confirm": "Nx7! another one",
    });
    let changed = user.post("/api/v1/users/change-password", &body).await;
    assert_eq!(changed.status, StatusCode::OK, "{changed}");

    service.redis::<()>(&["FLUSHALL"]).await;

    for ended in [&logged_out, &of_the_thief, &before_the_change] {
        for _ in 0..2 {
            assert!(!ended.has_access().await);
        }
        assert_eq!(ended.try_refresh().await.status, StatusCode::UNAUTHORIZED);
    }
    assert!(user.has_access().await);
}

#[tokio::test]
async fn a_live_session_goes_on_when_redis_forgets() {
    let service = Service::with_variables(&[]);
    let user = service.registered_user().await;
    service.redis::<()>(&["FLUSHALL"]).await;

    assert!(user.has_access().await);

    // Asked once, PostgreSQL is believed for a minute.
    let key = user.session_key();
    eventually("the session is remembered", async || {
        service
            .redis::<Option<String>>(&["GET", &key])
            .await
            .as_deref()
            == Some("live")
    })
    .await;
    let milliseconds: i64 = service.redis(&["PTTL", &key]).await;
    assert!((1..=60_000).contains(&milliseconds), "{milliseconds}");
    assert_eq!(user.try_refresh().await.status, StatusCode::OK);
}

#[tokio::test]
async fn an_end_is_remembered_as_long_as_an_access_token_lives() {
    let service = Service::running();
    let user = service.registered_user().await;
    assert!(user.has_access().await);

    user.post("/api/v1/users/logout", &json!({})).await;

    let key = user.session_key();
    let state: String = service.redis(&["GET", &key]).await;
    assert_eq!(state, "revoked");
    let seconds: i64 = service.redis(&["TTL", &key]).await;
    assert!((3_500..=3_600).contains(&seconds), "{seconds}");
    assert!(!user.has_access().await);
    assert_eq!(service.redis::<String>(&["GET", &key]).await, "revoked");
}

#[tokio::test]
async fn redis_is_asked_first() {
    let service = Service::running();
    let user = service.registered_user().await;
    let key = user.session_key();
    service
        .redis::<()>(&["SET", &key, "revoked", "EX", "60"])
        .await;
    assert!(!user.has_access().await);
    service
        .redis::<()>(&["SET", &key, "live", "EX", "60"])
        .await;
    assert!(user.has_access().await);
}

#[tokio::test]
async fn what_is_no_state_gives_no_access() {
    let service = Service::running();
    let user = service.registered_user().await;
    service
        .redis::<()>(&["SET", &user.session_key(), "perhaps", "EX", "60"])
        .await;
    assert!(!user.has_access().await);
}

#[tokio::test]
async fn the_oldest_session_ends_where_there_are_too_many() {
    let service = Service::with_variables(&[("sessions_per_user", "2")]);
    let first = service.registered_user().await;
    let second = first.another_session().await;
    assert!(first.has_access().await && second.has_access().await);

    let third = second.another_session().await;

    assert!(!first.has_access().await);
    assert_snapshot!(first.try_refresh().await.status, @"401 Unauthorized");
    assert!(second.has_access().await && third.has_access().await);
    let reason: String = service
        .value(
            "select revoked_reason from sessions where id = $1",
            &[&first.session()],
        )
        .await;
    assert_eq!(reason, "too_many_sessions");
    // One that has ended already makes room.
    second.post("/api/v1/users/logout", &json!({})).await;
    let fourth = third.another_session().await;
    assert!(third.has_access().await && fourth.has_access().await);
}

#[tokio::test]
async fn lifetimes_are_settings() {
    let service = Service::with_variables(&[
        ("access_token_lifetime", "120"),
        ("refresh_token_lifetime", "240"),
        ("session_max_lifetime", "360"),
    ]);
    let user = service.registered_user().await;
    for user in [
        user.clone(),
        user.another_session().await,
        user.refreshed().await,
    ] {
        assert_eq!(lifetime(&user.access), 120);
        assert_eq!(lifetime(&user.refresh), 240);
        let seconds: f64 = service
            .value(
                "select extract(epoch from expires_at - created_at)::float8 from sessions where id = $1",
                &[&user.session()],
            )
            .await;
        assert!((359.0..=361.0).contains(&seconds), "{seconds}");
    }
    user.post("/api/v1/users/logout", &json!({})).await;
    let seconds: i64 = service.redis(&["TTL", &user.session_key()]).await;
    assert!((60..=120).contains(&seconds), "{seconds}");
}

#[tokio::test]
async fn requests_of_a_user_are_limited_over_all_his_sessions() {
    let limits = r#"{"general": {"rate": 1, "burst": 4}}"#;
    let service = Service::with_variables(&[("rate_limits", limits)]);
    let user = service.registered_user().await;
    let other = user.another_session().await;
    let stranger = service.registered_user().await;
    let answer = user.get("/api/v1/users/preferences").await;
    assert_eq!(answer.rate_limit("general").quota, 4);

    // More at once than come back meanwhile.
    let answers = join_all((0..20).map(|attempt| {
        let user = if attempt % 2 == 0 { &user } else { &other };
        user.get("/api/v1/users/preferences")
    }))
    .await;

    let refused: Vec<_> = answers
        .iter()
        .filter(|answer| answer.status == StatusCode::TOO_MANY_REQUESTS)
        .collect();
    assert!(!refused.is_empty());
    for answer in refused {
        let limit = answer.rate_limit("general");
        assert_eq!(limit.remaining, 0);
        assert_eq!(answer.header("retry-after"), limit.reset.to_string());
    }
    assert!(stranger.has_access().await);
}

#[tokio::test]
async fn requests_of_nobody_are_limited_by_address() {
    let limits = r#"{"general": {"rate": 1, "burst": 4}}"#;
    let service = Service::with_variables(&[("rate_limits", limits)]);
    let user = service.registered_user().await;
    let refresh = json!({"refresh": "no token"});
    for (method, path, body) in [
        (Method::GET, "/health", None),
        (Method::GET, "/nowhere", None),
        (Method::GET, "/api/v1/users/profile", None),
        (Method::POST, "/api/v1/users/token/refresh", Some(&refresh)),
    ] {
        let client = service.client();
        // More at once than come back meanwhile.
        let answers = join_all((0..12).map(async |_| {
            let request = client.request(method.clone(), path);
            let request = match body {
                Some(body) => request.json(body),
                None => request,
            };
            request.send().await
        }))
        .await;

        let refused: Vec<_> = answers
            .iter()
            .filter(|answer| answer.status == StatusCode::TOO_MANY_REQUESTS)
            .collect();
        assert!(!refused.is_empty(), "{path}");
        for answer in &answers {
            assert_eq!(answer.rate_limit("general").quota, 4, "{path}: {answer}");
        }
        for answer in refused {
            let limit = answer.rate_limit("general");
            assert_eq!(answer.header("retry-after"), limit.reset.to_string());
        }
        assert!(user.has_access().await, "who is known has his own limit");
    }
}

#[tokio::test]
async fn who_comes_with_an_ended_session_is_told_so_however_often() {
    let limits = r#"{"general": {"rate": 1, "burst": 4}}"#;
    let service = Service::with_variables(&[("rate_limits", limits)]);
    let user = service.registered_user().await;
    let other = user.another_session().await;
    other.post("/api/v1/users/logout", &json!({})).await;

    for _ in 0..12 {
        let answer = other.get("/api/v1/users/profile").await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{answer}");
    }
    assert!(user.has_access().await);
}

#[tokio::test]
async fn a_session_is_of_one_user_only() {
    let service = Service::running();
    let user = service.registered_user().await;
    let stranger = service.registered_user().await;
    stranger.post("/api/v1/users/logout", &json!({})).await;
    let mixed = TestUser {
        refresh: stranger.refresh.clone(),
        ..user.clone()
    };
    assert!(mixed.has_access().await);
    assert_eq!(mixed.try_refresh().await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(user.try_refresh().await.status, StatusCode::OK);
}

fn lifetime(token: &str) -> i64 {
    let token = e2e::Jwt::read(token);
    token.seconds("exp") - token.seconds("iat")
}
