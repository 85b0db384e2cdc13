//! What is common to all answers: the envelope, headers, request ids, compression and CORS.

use e2e::{Answer, Service};
use http::{Method, StatusCode};
use serde_json::json;

const PROFILE: &str = "/api/v1/users/profile";
const PREFERENCES: &str = "/api/v1/users/preferences";
const PUSH_TOKENS: &str = "/api/v1/users/push-tokens";

#[tokio::test]
async fn an_unknown_url_is_not_found_whoever_asks() {
    let service = Service::behind_no_gateway();
    let user = service.registered_user().await;
    for path in [
        "/",
        "//",
        "/index.html",
        "/api",
        "/api/v1/users",
        "/api/v1/users/",
        "/api/v1/users/nope",
        "/api/v1/users/profile/x",
        "/api/v1/users/profilex",
        "/api/v1/users//profile",
        "/api/v1/users/profile//",
        "/api/v2/users/profile",
        "/API/V1/USERS/PROFILE",
        "/api/v1/users/Profile",
        "/Health",
        "/health/x",
        "/health/live/x",
        "/metrics/x",
        "/api/v1/users/push-tokens/a/b",
        "/api/v1/users/push-tokens//",
        "/api/v1/users/register/x",
        "/api/v1/users/token",
        "/api/v1/users/%00",
        "/%FF%FE",
        "/%",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/../../etc/passwd",
        "/.env",
        "/a?b=%zz",
    ] {
        for method in [Method::GET, Method::POST, Method::DELETE] {
            for request in [
                service.client().request(method.clone(), path),
                user.request(method.clone(), path),
            ] {
                let answer = request.send().await;
                assert_eq!(answer.status, StatusCode::NOT_FOUND, "{answer}");
                assert_eq!(answer.text("/message"), "Not found");
                assert_eq!(answer.text("/code"), "not_found");
            }
        }
    }
}

#[tokio::test]
async fn an_encoded_letter_makes_another_url_or_the_same_but_never_a_failure() {
    let service = Service::running();
    let user = service.registered_user().await;
    for path in [
        "/api/v1/users/%70rofile",
        "/%68ealth",
        "/api/v1/users/push%2Dtokens",
    ] {
        let answer = user.get(path).await;
        assert!(
            [StatusCode::OK, StatusCode::NOT_FOUND].contains(&answer.status),
            "{answer}"
        );
    }
}

#[tokio::test]
async fn a_method_that_a_url_does_not_take_is_not_allowed() {
    let service = Service::behind_no_gateway();
    let user = service.registered_user().await;
    let id = "5070ce94-15e7-4802-a218-c99a6e4c66b2";
    for (path, allowed) in [
        ("/api/v1/users/register", "OPTIONS, POST"),
        ("/api/v1/users/login", "OPTIONS, POST"),
        ("/api/v1/users/token/refresh", "OPTIONS, POST"),
        ("/api/v1/users/logout", "OPTIONS, POST"),
        ("/api/v1/users/change-password", "OPTIONS, POST"),
        (PROFILE, "GET, HEAD, OPTIONS, PATCH, PUT"),
        (PREFERENCES, "GET, HEAD, OPTIONS, PATCH, PUT"),
        (PUSH_TOKENS, "GET, HEAD, OPTIONS, POST"),
        (&format!("{PUSH_TOKENS}/deactivate_all"), "OPTIONS, POST"),
        (
            &format!("{PUSH_TOKENS}/{id}"),
            "DELETE, GET, HEAD, OPTIONS, PATCH, PUT",
        ),
    ] {
        for path in [path.to_owned(), format!("{path}/")] {
            for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "BREW"] {
                if allowed.split(", ").any(|known| known == method) {
                    continue;
                }
                let method = Method::from_bytes(method.as_bytes()).expect("a method");
                let answer = user.request(method, &path).json(&json!({})).send().await;
                assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{answer}");
                assert_eq!(sorted(answer.header("allow")), allowed, "{answer}");
            }
            let answer = service
                .client()
                .request(Method::OPTIONS, &path)
                .send()
                .await;
            assert!(answer.status.is_success(), "{answer}");
            assert_eq!(sorted(answer.header("allow")), allowed, "{answer}");
        }
    }
}

#[tokio::test]
async fn head_answers_the_headers_of_get_without_a_body() {
    let service = Service::running();
    let user = service.registered_user().await;
    for path in [PROFILE, PREFERENCES, PUSH_TOKENS] {
        let answer = user.request(Method::HEAD, path).send().await;
        assert_eq!(answer.status, StatusCode::OK, "{answer}");
        assert!(answer.bytes.is_empty());
        assert_eq!(answer.header("content-type"), "application/json");
        assert_eq!(answer.header("cache-control"), "no-store");
        let anonymous = service.client().request(Method::HEAD, path).send().await;
        assert_eq!(anonymous.status, StatusCode::UNAUTHORIZED, "{anonymous}");
    }
}

#[tokio::test]
async fn a_plain_request_id_comes_back_and_any_other_is_replaced() {
    let service = Service::running();
    let user = service.registered_user().await;
    let longest = "x".repeat(128);
    for path in ["/health", "/nope", PROFILE] {
        for id in ["trace:42_a.b-C", "0", &longest] {
            let answer = user
                .request(Method::GET, path)
                .header("x-request-id", id)
                .send()
                .await;
            assert_eq!(answer.header("x-request-id"), id, "{answer}");
        }
        let too_long = "x".repeat(129);
        for id in [
            "", " ", "a b", "a,b", "{}", "ü", "\"", "<script>", &too_long,
        ] {
            let answer = user
                .request(Method::GET, path)
                .header("x-request-id", id)
                .send()
                .await;
            assert_new_request_id(&answer);
        }
        let twice = user
            .request(Method::GET, path)
            .header("x-request-id", "a")
            .header("x-request-id", "a")
            .send()
            .await;
        assert_new_request_id(&twice);
    }
    let first = service.client().get("/health").await;
    let second = service.client().get("/health").await;
    assert_new_request_id(&first);
    assert_ne!(first.header("x-request-id"), second.header("x-request-id"));
}

#[tokio::test]
async fn answers_from_a_thousand_bytes_on_are_compressed_for_who_asks() {
    let service = Service::running();
    let user = service.registered_user().await;
    let plain = user.get(PROFILE).await;
    assert!(plain.bytes.len() >= 1_000, "{}", plain.bytes.len());
    assert!(!plain.headers.contains_key("content-encoding"));
    assert_varies_by(&plain, "accept-encoding");

    for asked in ["gzip", "deflate, gzip;q=0.5, br", "GZIP", "*"] {
        let answer = user
            .request(Method::GET, PROFILE)
            .header("accept-encoding", asked)
            .send()
            .await;
        assert_eq!(answer.header("content-encoding"), "gzip", "{asked}");
        assert_varies_by(&answer, "accept-encoding");
        assert_eq!(answer.bytes[..2], [0x1f, 0x8b], "the magic of gzip");
        assert!(answer.bytes.len() < plain.bytes.len());
        assert_eq!(
            answer.header("content-length"),
            answer.bytes.len().to_string()
        );
        assert_eq!(answer.body, plain.body);
    }
    for refused in ["identity", "br", "gzip;q=0", "gzip;q=0, *", "*;q=0", ""] {
        let answer = user
            .request(Method::GET, PROFILE)
            .header("accept-encoding", refused)
            .send()
            .await;
        assert!(
            !answer.headers.contains_key("content-encoding"),
            "{refused}"
        );
        assert_eq!(answer.bytes.len(), plain.bytes.len());
    }
}

#[tokio::test]
async fn short_answers_are_never_compressed() {
    let service = Service::running();
    let user = service.registered_user().await;
    for path in [PREFERENCES, "/health", "/nope"] {
        let answer = user
            .request(Method::GET, path)
            .header("accept-encoding", "gzip")
            .send()
            .await;
        assert!(answer.bytes.len() < 1_000, "{answer}");
        assert!(!answer.headers.contains_key("content-encoding"), "{answer}");
    }
}

#[tokio::test]
async fn without_allowed_origins_a_browser_is_told_nothing() {
    let service = Service::running();
    let user = service.registered_user().await;
    let preflight = service
        .client()
        .request(Method::OPTIONS, PROFILE)
        .header("origin", "https://evil.example")
        .header("access-control-request-method", "PUT")
        .send()
        .await;
    let request = user
        .request(Method::GET, PROFILE)
        .header("origin", "https://evil.example");
    for answer in [preflight, request.send().await] {
        assert!(answer.status.is_success(), "{answer}");
        let about_cors = |name: &&http::HeaderName| name.as_str().starts_with("access-control-");
        assert_eq!(answer.headers.keys().find(about_cors), None, "{answer}");
    }
}

#[tokio::test]
async fn a_page_of_an_allowed_origin_may_read_answers() {
    let service =
        Service::with_variables(&[("cors_origins", "http://localhost:3000,https://app.example")]);
    let user = service.registered_user().await;
    for origin in ["http://localhost:3000", "https://app.example"] {
        let preflight = service
            .client()
            .request(Method::OPTIONS, PROFILE)
            .header("origin", origin)
            .header("access-control-request-method", "PUT")
            .header(
                "access-control-request-headers",
                "authorization, content-type",
            )
            .send()
            .await;
        assert!(preflight.status.is_success(), "{preflight}");
        assert_eq!(preflight.header("access-control-allow-origin"), origin);
        assert_eq!(preflight.header("access-control-allow-credentials"), "true");
        assert_eq!(preflight.header("access-control-max-age"), "86400");
        let headers = preflight.header("access-control-allow-headers");
        assert!(headers.contains("authorization") && headers.contains("content-type"));
        assert_eq!(
            preflight.header("access-control-allow-methods"),
            "DELETE, GET, OPTIONS, PATCH, POST, PUT"
        );
        for path in [PROFILE, "/nope", "/health"] {
            let answer = user
                .request(Method::GET, path)
                .header("origin", origin)
                .send()
                .await;
            assert_eq!(answer.header("access-control-allow-origin"), origin);
            assert_varies_by(&answer, "origin");
        }
        let refused = service
            .client()
            .request(Method::GET, PROFILE)
            .header("origin", origin);
        let refused = refused.send().await;
        assert_eq!(refused.status, StatusCode::UNAUTHORIZED, "{refused}");
        assert_eq!(refused.header("access-control-allow-origin"), origin);
    }
    for origin in [
        "https://evil.example",
        "https://app.example.evil.example",
        "http://app.example",
        "null",
    ] {
        let answer = user
            .request(Method::GET, PROFILE)
            .header("origin", origin)
            .send()
            .await;
        assert!(
            !answer.headers.contains_key("access-control-allow-origin"),
            "{origin}"
        );
        assert_varies_by(&answer, "origin");
    }
}

fn assert_new_request_id(answer: &Answer) {
    let id = answer.header("x-request-id");
    assert!(uuid::Uuid::parse_str(id).is_ok(), "{id}: {answer}");
}

fn assert_varies_by(answer: &Answer, name: &str) {
    let values = answer.headers.get_all("vary").iter();
    let names: Vec<_> = values
        .flat_map(|value| value.to_str().expect("text").split(','))
        .map(|name| name.trim().to_ascii_lowercase())
        .collect();
    assert!(names.contains(&name.to_owned()), "{names:?}: {answer}");
}

/// The methods of a header `Allow`, sorted.
fn sorted(allow: &str) -> String {
    let mut methods: Vec<_> = allow.split(',').map(str::trim).collect();
    methods.sort_unstable();
    methods.join(", ")
}
