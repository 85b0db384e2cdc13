//! `POST /api/v1/users/login`

use e2e::{NewAccount, Service, TestUser, random_hex};
use futures::future::join;
use http::{Method, StatusCode};
use insta::{assert_json_snapshot, assert_snapshot};
use serde_json::{Value, json};

use crate::redacted;

const LOGIN: &str = "/api/v1/users/login";

/// Where Redis has the password hashes that are being computed.
const COMPUTING: &str = "us:{hashes}:computing";
/// Where it has those that wait.
const WAITING: &str = "us:{hashes}:waiting";

#[tokio::test]
async fn a_login_is_answered_with_the_user_and_tokens() {
    let service = Service::running();
    let user = service.registered_user().await;

    let answer = user.try_login(&user.password).await;

    assert_snapshot!(answer.status, @"200 OK");
    assert_json_snapshot!(answer.body, {
        ".data.email" => redacted::text("[email]"),
        ".data.username" => redacted::text("[username]"),
        ".data.last_login" => redacted::moment(),
        ".**.id" => redacted::id(),
        ".**.created_at" => redacted::moment(),
        ".**.updated_at" => redacted::moment(),
        ".data.tokens.access" => redacted::token(),
        ".data.tokens.refresh" => redacted::token(),
    }, @r#"
    {
      "success": true,
      "message": "Login successful",
      "data": {
        "id": "[id]",
        "email": "[email]",
        "username": "[username]",
        "phone_number": null,
        "is_verified": false,
        "is_active": true,
        "created_at": "[moment]",
        "updated_at": "[moment]",
        "last_login": "[moment]",
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
        "push_tokens_count": 0,
        "tokens": {
          "refresh": "[token]",
          "access": "[token]"
        }
      },
      "meta": {
        "total": 0,
        "limit": 10,
        "page": 1,
        "total_pages": 0,
        "has_next": false,
        "has_previous": false
      }
    }
    "#);
    assert_eq!(answer.data()["id"], user.id.to_string());
    assert_eq!(answer.data()["email"], user.email);
}

#[tokio::test]
async fn an_email_signs_in_in_any_letter_case() {
    let user = Service::running().registered_user().await;
    for email in [user.email.to_uppercase(), format!(" {}\t", user.email)] {
        let body = json!({"email": email, "password": user.password});
        let answer = user.client.post(LOGIN, &body).await;
        assert_eq!(answer.status, StatusCode::OK, "{answer}");
        assert_eq!(answer.data()["id"], user.id.to_string());
    }
}

#[tokio::test]
async fn a_login_begins_a_session_and_leaves_the_others() {
    let service = Service::running();
    let first = service.registered_user().await;

    let second = first.another_session().await;

    assert_ne!(first.session(), second.session());
    assert!(first.has_access().await && second.has_access().await);
    assert_eq!(first.try_refresh().await.status, StatusCode::OK);
    assert_eq!(second.try_refresh().await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_login_is_remembered_with_its_time_and_address() {
    let service = Service::running();
    let user = service.registered_user().await;
    let elsewhere = TestUser {
        client: service.client(),
        ..user.clone()
    };

    let answer = elsewhere.try_login(&user.password).await;

    let state = service.state_of(user.id).await["user"].take();
    assert_eq!(
        state["last_login_ip"],
        elsewhere.client.address().to_string()
    );
    let since: f64 = service
        .value(
            "select extract(epoch from now() - last_login)::float8 from users where id = $1",
            &[&user.id],
        )
        .await;
    assert!((0.0..60.0).contains(&since), "{since}");
    let profile = user.get("/api/v1/users/profile").await;
    assert_eq!(profile.data()["last_login"], answer.data()["last_login"]);
}

#[tokio::test]
async fn tokens_are_in_no_cached_answer() {
    let service = Service::running();
    let user = service.registered_user().await.another_session().await;
    let profile = user.get("/api/v1/users/profile").await;
    assert_eq!(profile.data()["tokens"], Value::Null, "{profile}");
    let keys: Vec<String> = service
        .redis(&["KEYS", &format!("us:{{{}}}:*", user.id)])
        .await;
    assert!(!keys.is_empty());
    for key in keys {
        let held = service.redis_text(&key).await;
        for secret in [&user.access, &user.refresh, &user.password] {
            assert!(!held.contains(secret.as_str()), "{key}");
        }
    }
}

#[tokio::test]
async fn wrong_passwords_unknown_emails_and_closed_accounts_are_refused_alike() {
    let service = Service::running();
    let user = service.registered_user().await;
    let closed = service.registered_user().await;
    service
        .execute(
            "update users set is_active = false where id = $1",
            &[&closed.id],
        )
        .await;
    let before = [
        service.state_of(user.id).await,
        service.state_of(closed.id).await,
    ];

    let wrong = user.try_login("Kx7! not this one").await;
    let unknown = TestUser {
        email: format!("nobody{}@example.com", random_hex(16)),
        ..user.clone()
    };
    let unknown = unknown.try_login(&user.password).await;
    let inactive = closed.try_login(&closed.password).await;

    assert_snapshot!(wrong.status, @"422 Unprocessable Entity");
    assert_json_snapshot!(wrong.body, {".request_id" => redacted::id()}, @r#"
    {
      "success": false,
      "message": "Invalid input data",
      "error": "Validation failed",
      "data": {
        "error": [
          "Unable to log in with provided credentials."
        ]
      },
      "meta": {
        "total": 0,
        "limit": 10,
        "page": 1,
        "total_pages": 0,
        "has_next": false,
        "has_previous": false
      },
      "code": "validation_failed",
      "request_id": "[id]"
    }
    "#);
    for other in [unknown, inactive] {
        assert_eq!(other.status, wrong.status);
        assert_eq!(
            without_request_id(&other.body),
            without_request_id(&wrong.body)
        );
        let names = |answer: &e2e::Answer| answer.headers.keys().cloned().collect::<Vec<_>>();
        assert_eq!(names(&other), names(&wrong));
    }
    let after = [
        service.state_of(user.id).await,
        service.state_of(closed.id).await,
    ];
    assert_eq!(after, before);
}

#[tokio::test]
async fn missing_and_broken_fields_are_all_named() {
    let client = Service::running().client();
    let missing = client.post(LOGIN, &json!({})).await;
    assert_snapshot!(missing.status, @"422 Unprocessable Entity");
    assert_snapshot!(missing.data(), @r#"{"email":["This field is required."],"password":["This field is required."]}"#);
    let broken = client
        .post(LOGIN, &json!({"email": "x", "password": ""}))
        .await;
    assert_snapshot!(broken.status, @"422 Unprocessable Entity");
    assert_snapshot!(broken.data(), @r#"{"email":["Enter a valid email address."],"password":["This field may not be blank."]}"#);
}

#[tokio::test]
async fn an_account_is_tried_ten_times_in_five_minutes() {
    let service = Service::running();
    let user = service.registered_user().await;
    for remaining in (0..10).rev() {
        // Good and bad attempts count, in any letter case, from any address that is not known to be
        // his.
        let attempt = TestUser {
            client: service.client(),
            email: if remaining % 2 == 0 {
                user.email.to_uppercase()
            } else {
                user.email.clone()
            },
            ..user.clone()
        };
        let password = if remaining % 5 == 0 {
            &user.password
        } else {
            "Kx7! not this one"
        };
        let answer = attempt.try_login(password).await;
        assert_ne!(answer.status, StatusCode::TOO_MANY_REQUESTS);
        let limit = answer.rate_limit("login");
        assert_eq!(
            (limit.quota, limit.window, limit.remaining),
            (10, 300, remaining)
        );
        assert!((1..=300).contains(&limit.reset), "{limit:?}");
    }
    let before = service.state_of(user.id).await;

    let stranger = TestUser {
        client: service.client(),
        ..user.clone()
    };
    let eleventh = stranger.try_login(&user.password).await;

    assert_snapshot!(eleventh.status, @"429 Too Many Requests");
    assert_json_snapshot!(eleventh.body, {".request_id" => redacted::id()}, @r#"
    {
      "success": false,
      "message": "Rate limit exceeded",
      "error": "Too many login attempts. Please try again later.",
      "data": null,
      "meta": {
        "total": 0,
        "limit": 10,
        "page": 1,
        "total_pages": 0,
        "has_next": false,
        "has_previous": false
      },
      "code": "rate_limited",
      "request_id": "[id]"
    }
    "#);
    let limit = eleventh.rate_limit("login");
    assert_eq!(limit.remaining, 0);
    assert_eq!(eleventh.header("retry-after"), limit.reset.to_string());
    assert_eq!(service.state_of(user.id).await, before);
    let other = TestUser::register(user.client.clone(), &NewAccount::random()).await;
    assert_eq!(
        other.try_login(&other.password).await.status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn a_stranger_cannot_lock_the_owner_out() {
    let service = Service::running();
    let user = service.registered_user().await;
    let guess = async || {
        let stranger = TestUser {
            client: service.client(),
            ..user.clone()
        };
        stranger.try_login("Kx7! a guess").await.status
    };
    for _ in 0..10 {
        assert_eq!(guess().await, StatusCode::UNPROCESSABLE_ENTITY);
    }
    assert_eq!(guess().await, StatusCode::TOO_MANY_REQUESTS);

    // Where he has signed in before the owner has tries of his own, and no more of them.
    for remaining in (1..10).rev() {
        let answer = user.try_login("Kx7! mistyped").await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{answer}");
        assert_eq!(answer.rate_limit("login").remaining, remaining);
    }
    let answer = user.try_login(&user.password).await;
    assert_eq!(answer.status, StatusCode::OK, "{answer}");
    let answer = user.try_login(&user.password).await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS, "{answer}");
}

#[tokio::test]
async fn an_address_waits_longer_with_each_failure_and_others_do_not() {
    let limits = r#"{"login_failures": {"limit": 2, "window": 60}}"#;
    let service = Service::with_variables(&[("rate_limits", limits)]);
    let user = service.registered_user().await;
    let client = service.client();
    let key = format!("us:failures:login_failures:{}", client.address());
    let guess = async || {
        let body = json!({
            "email": format!("nobody{}@example.com", random_hex(16)), "password": "Kx7! guess",
        });
        client.post(LOGIN, &body).await
    };
    for remaining in [2, 1, 0] {
        let answer = guess().await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{answer}");
        assert_eq!(answer.rate_limit("login_failures").remaining, remaining);
    }
    // As if it had failed so often already, and had waited.
    for (failures, longest) in [("8", 64), ("9", 128), ("30", 900)] {
        service
            .redis::<()>(&["HSET", &key, "failures", failures, "until", "0"])
            .await;
        let answer = guess().await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{answer}");
        let refused = guess().await;
        assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS, "{refused}");
        let wait: u64 = refused.header("retry-after").parse().expect("seconds");
        assert!(
            (longest / 2..=longest).contains(&wait),
            "{wait} of {longest}"
        );
    }
    let answer = user.try_login(&user.password).await;
    assert_eq!(answer.status, StatusCode::OK, "{answer}");
}

#[tokio::test]
async fn an_unknown_account_is_limited_like_a_known_one() {
    let service = Service::running();
    let body =
        json!({"email": format!("nobody{}@example.com", random_hex(16)), "password": "Kx7! guess"});
    let mut statuses = Vec::new();
    for _ in 0..11 {
        let answer = service.client().post(LOGIN, &body).await;
        answer.rate_limit("login");
        statuses.push(answer.status.as_u16());
    }
    assert_eq!(statuses, [&[422; 10][..], &[429]].concat());
}

#[tokio::test]
async fn an_address_is_limited_over_all_accounts() {
    let limits = r#"{"login_address": {"limit": 3, "window": 60}}"#;
    let service = Service::with_variables(&[("rate_limits", limits)]);
    let client = service.client();
    let attempt = || json!({"email": format!("nobody{}@example.com", random_hex(16)), "password": "Kx7! guess"});
    for remaining in (0..3).rev() {
        let answer = client.post(LOGIN, &attempt()).await;
        let limit = answer.rate_limit("login_address");
        assert_eq!(
            (limit.quota, limit.window, limit.remaining),
            (3, 60, remaining)
        );
    }
    let fourth = client.post(LOGIN, &attempt()).await;
    assert_snapshot!(fourth.status, @"429 Too Many Requests");
    let limit = fourth.rate_limit("login_address");
    assert_eq!(fourth.header("retry-after"), limit.reset.to_string());
    let elsewhere = service.client().post(LOGIN, &attempt()).await;
    assert_snapshot!(elsewhere.status, @"422 Unprocessable Entity");
}

#[tokio::test]
async fn every_answer_of_a_login_tells_the_limits() {
    let client = Service::running().client();
    for (content_type, body, status) in [
        ("application/json", "{}", StatusCode::UNPROCESSABLE_ENTITY),
        ("application/json", "{", StatusCode::BAD_REQUEST),
        ("text/plain", "x", StatusCode::UNSUPPORTED_MEDIA_TYPE),
    ] {
        let request = client.request(Method::POST, LOGIN);
        let answer = request.body(content_type, body).send().await;
        assert_eq!(answer.status, status, "{answer}");
        assert_eq!(answer.rate_limit("login_address").quota, 100);
    }
}

#[tokio::test]
async fn a_login_waits_until_it_may_hash() {
    let service = Service::with_variables(&[("hashes_at_once", "1")]);
    let user = service.registered_user().await;
    let _: i64 = service
        .redis(&["ZADD", COMPUTING, "9000000000000000", "held"])
        .await;

    let (answer, ()) = join(user.try_login(&user.password), async {
        while service.redis::<i64>(&["ZCARD", WAITING]).await == 0 {}
        let _: i64 = service.redis(&["ZREM", COMPUTING, "held"]).await;
    })
    .await;

    assert_snapshot!(answer.status, @"200 OK");
    let left: i64 = service.redis(&["EXISTS", COMPUTING, WAITING]).await;
    assert_eq!(left, 0);
}

#[tokio::test]
async fn a_login_that_may_not_hash_in_time_is_refused() {
    let variables = [("hashes_at_once", "1"), ("request_deadline_ms", "500")];
    let service = Service::with_variables(&variables);
    let user = service.registered_user().await;
    let before = service.state_of(user.id).await;
    let _: i64 = service
        .redis(&["ZADD", COMPUTING, "9000000000000000", "held"])
        .await;

    let answer = user.try_login(&user.password).await;

    assert_snapshot!(answer.status, @"503 Service Unavailable");
    assert_snapshot!(answer.text("/code"), @"busy");
    assert_snapshot!(answer.header("retry-after"), @"1");
    assert_eq!(service.state_of(user.id).await, before);
}

#[tokio::test]
async fn where_too_many_wait_to_hash_a_login_is_refused_at_once() {
    let service = Service::with_variables(&[("max_hashes", "1")]);
    let user = service.registered_user().await;
    let before = service.state_of(user.id).await;
    let _: i64 = service
        .redis(&["ZADD", COMPUTING, "9000000000000000", "held"])
        .await;

    let busy = user.try_login(&user.password).await;
    let account = NewAccount::random();
    let busy_too = service
        .client()
        .post("/api/v1/users/register", &account)
        .await;

    assert_snapshot!(busy.status, @"503 Service Unavailable");
    assert_snapshot!(busy.text("/code"), @"busy");
    assert_snapshot!(busy_too.status, @"503 Service Unavailable");
    assert_eq!(service.state_of(user.id).await, before);
    let _: i64 = service.redis(&["ZREM", COMPUTING, "held"]).await;
    assert_eq!(user.try_login(&user.password).await.status, StatusCode::OK);
    TestUser::register(service.client(), &account).await;
}

fn without_request_id(body: &Value) -> Value {
    let mut body = body.clone();
    body.as_object_mut()
        .expect("an object")
        .shift_remove("request_id");
    body
}
