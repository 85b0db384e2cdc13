//! What the service writes down: one line a request, and nothing that is a secret or personal.

use std::fs;

use e2e::{NewAccount, Service, TestUser, eventually, random_hex};
use http::{Method, StatusCode};
use serde_json::{Value, json};

#[tokio::test]
async fn each_request_has_one_line_with_its_identifier() {
    let service = Service::with_variables(&[]);
    let user = service.registered_user().await;
    let ids = ["first", "second", "third"].map(|name| format!("{name}-{}", random_hex(8)));
    let later = ["fourth", "fifth", "sixth"].map(|name| format!("{name}-{}", random_hex(8)));
    let get = |path| user.request(Method::GET, path);

    for [first, second, third] in [&ids, &later] {
        get("/api/v1/users/profile")
            .header("x-request-id", first)
            .send()
            .await;
        get("/api/v1/users/nope")
            .header("x-request-id", second)
            .send()
            .await;
        let anonymous = user
            .client
            .request(Method::GET, "/api/v1/users/preferences");
        anonymous.header("x-request-id", third).send().await;
    }

    // What was written of a request is there once a later one's line is.
    eventually("the later lines are written", async || {
        let lines = lines(&service);
        let is_there = |id: &String| lines.iter().any(|line| line["request_id"] == **id);
        later.iter().all(is_there)
    })
    .await;
    for (id, status, path) in [
        (&ids[0], 200, "/api/v1/users/profile"),
        (&ids[1], 404, "/api/v1/users/nope"),
        (&ids[2], 401, "/api/v1/users/preferences"),
    ] {
        let mut lines = lines(&service);
        lines.retain(|line| line["request_id"] == **id);
        let [line] = &lines[..] else {
            panic!("one line expected: {lines:?}");
        };
        assert_eq!(line["status"], status, "{line}");
        assert_eq!(line["path"], path, "{line}");
        assert_eq!(line["method"], "GET", "{line}");
        assert!(line["duration_ms"].is_number(), "{line}");
    }
    let line_of = |id: &String| {
        let mut lines = lines(&service).into_iter();
        lines
            .find(|line| line["request_id"] == **id)
            .expect("a line")
    };
    let profile = line_of(&ids[0]);
    assert_eq!(profile["user_id"], user.id.to_string());
    // Its caller, his limit and the document are one round trip, since registration has cached it; a new
    // instance asks first whether Redis has missed anything.
    let redis = profile["redis_round_trips"].as_u64();
    let postgresql = profile["postgres_round_trips"].as_u64();
    assert!(
        matches!(
            (redis, postgresql),
            (Some(1 | 2), Some(0)) | (Some(4), Some(1))
        ),
        "{profile}"
    );
    assert_eq!(profile["cache_hit"], true, "{profile}");
    let unknown = line_of(&ids[1]);
    assert_eq!(unknown["postgres_round_trips"], 0, "{unknown}");
}

#[tokio::test]
async fn a_line_names_the_trace_if_the_request_is_part_of_one() {
    let service = Service::with_variables(&[]);
    let trace_id = random_hex(32);
    for (id, parent) in [
        ("traced", format!("00-{trace_id}-b7ad6b7169203331-01")),
        ("invalid", format!("00-{trace_id}-0000000000000000-01")),
        ("last", String::new()),
    ] {
        let request = service.client().request(Method::GET, "/health");
        let request = request.header("x-request-id", id);
        request.header("traceparent", parent).send().await;
    }

    let line_of = async |id: &str| {
        eventually("the line is written", async || line(&service, id).is_some()).await;
        line(&service, id).expect("a line")
    };
    let traced = line_of("traced").await;
    assert_eq!(traced["trace_id"], trace_id, "{traced}");
    let span = traced["span_id"].as_str().expect("a span");
    assert!(span.len() == 16 && span != "b7ad6b7169203331", "{traced}");
    for id in ["invalid", "last"] {
        let untraced = line_of(id).await;
        assert_eq!(untraced.get("trace_id"), None, "{untraced}");
        assert_eq!(untraced.get("span_id"), None, "{untraced}");
    }
}

#[tokio::test]
async fn the_least_level_that_is_written_is_a_setting() {
    let service = Service::without_redis_with(&[("log_level", "warn")]);
    service.registered_user().await;
    let unhealthy = Service::without_redis_with(&[("log_level", "verbose")]);
    let answer = unhealthy.client().get("/health").await;
    assert_eq!(answer.text("/code"), "misconfigured", "{answer}");

    eventually("the refusal is written", async || {
        lines(&unhealthy).iter().any(|line| {
            let error = line["error"].as_str().unwrap_or_default();
            error.contains("must be one of debug, info, warn, error")
        })
    })
    .await;
    let lines = lines(&service);
    let is_above = |line: &Value| line["level"] == "warn" || line["level"] == "error";
    assert!(lines.iter().all(is_above), "{lines:?}");
}

#[tokio::test]
async fn no_secret_and_no_email_is_written_down() {
    let service = Service::with_variables(&[("refresh_reuse_interval", "0")]);
    let push_token = random_hex(32);
    let account = NewAccount::random().push_token(&push_token);
    let user = TestUser::register(service.client(), &account).await;
    let next = user.refreshed().await;
    let new = format!("Nx7! {}", random_hex(16));
    let body =
        json!({"old_password": user.password, "new_password": new, "new_password_confirm": new});
    assert_eq!(
        next.post("/api/v1/users/change-password", &body)
            .await
            .status,
        StatusCode::OK
    );
    let wrong = format!("Kx7! {}", random_hex(16));
    user.try_login(&wrong).await;
    // A hash that is not understood, and a stolen token, are told.
    let hash = format!("md5$salt${}", random_hex(32));
    service
        .execute(
            "update users set password = $2 where id = $1",
            &[&user.id, &hash],
        )
        .await;
    user.try_login(&new).await;
    assert_eq!(user.try_refresh().await.status, StatusCode::UNAUTHORIZED);
    eventually("the theft is told", async || {
        lines(&service)
            .iter()
            .any(|line| line["session_id"] == user.session().to_string())
    })
    .await;

    let log = log(&service);

    for secret in [
        &user.email,
        &user.password,
        &new,
        &wrong,
        &hash,
        &push_token,
        &user.access,
        &user.refresh,
        &next.access,
        &next.refresh,
    ] {
        assert!(!log.contains(secret.as_str()), "{secret} is in the log");
    }
    assert!(!log.contains(service.jwt_secret()));
    assert!(!log.contains("postgres://"));
}

pub(crate) fn log(service: &Service) -> String {
    let host = service.stack().host().expect("a host");
    fs::read_to_string(host.log()).expect("the host's log")
}

/// The lines of the components; the host's own are no JSON.
pub(crate) fn lines(service: &Service) -> Vec<Value> {
    log(service)
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect()
}

/// The line of the request with this identifier, once it is there.
fn line(service: &Service, request_id: &str) -> Option<Value> {
    let mut lines = lines(service).into_iter();
    lines.find(|line| line["request_id"] == request_id)
}
