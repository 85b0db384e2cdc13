//! What a browser, a proxy or a forged page could make of a request: docs/security.md, "HTTP".

use e2e::{Answer, Service, TestUser};
use http::{Method, StatusCode};
use serde_json::json;

const PROFILE: &str = "/api/v1/users/profile";
const PUSH_TOKENS: &str = "/api/v1/users/push-tokens";
const STS: &str = "strict-transport-security";

async fn get_with(service: &Service, headers: &[(&str, &str)]) -> Answer {
    let request = service.client().request(Method::GET, "/health");
    let request = headers.iter().fold(request, |request, (name, value)| {
        request.header(name, value)
    });
    request.send().await
}

/// Registers a push token and answers its URL.
async fn push_token(user: &TestUser) -> String {
    let body = json!({"token": e2e::random_hex(32), "platform": "web"});
    let answer = user.post(PUSH_TOKENS, &body).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{answer}");
    format!("{PUSH_TOKENS}/{}", answer.text("/data/id"))
}

#[tokio::test]
async fn transport_security_is_demanded_behind_tls_only() {
    let behind_a_proxy = Service::with_variables(&[("trusted_proxies", "127.0.0.0/8")]);
    for proto in ["https", "HTTPS", "http, https"] {
        let answer = get_with(&behind_a_proxy, &[("x-forwarded-proto", proto)]).await;
        assert_eq!(answer.header(STS), "max-age=31536000", "{proto}");
    }
    let refused = behind_a_proxy.client().request(Method::GET, PROFILE);
    let refused = refused.header("x-forwarded-proto", "https").send().await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED, "{refused}");
    assert_eq!(refused.header(STS), "max-age=31536000");
    for proto in ["http", "https, http", "", "httpsx", "wss"] {
        let answer = get_with(&behind_a_proxy, &[("x-forwarded-proto", proto)]).await;
        assert!(!answer.headers.contains_key(STS), "{proto}");
    }
    assert!(
        !get_with(&behind_a_proxy, &[])
            .await
            .headers
            .contains_key(STS)
    );

    // Whoever is no proxy is not believed, whatever he says of himself.
    let service = Service::behind_no_gateway();
    let claims = [
        ("x-forwarded-proto", "https"),
        ("spin-client-addr", "127.0.0.1:1"),
        ("forwarded", "proto=https"),
        ("x-forwarded-ssl", "on"),
    ];
    let answer = get_with(&service, &claims).await;
    assert!(!answer.headers.contains_key(STS), "{answer}");
}

#[tokio::test]
async fn no_route_redirects_or_sets_a_cookie() {
    let service = Service::running();
    let user = service.registered_user().await;
    for path in [
        "/",
        "/health",
        "/api/v1/users",
        PROFILE,
        "/api/v1/users/profile/",
        "/api/v1/users/preferences",
        PUSH_TOKENS,
        "/api/v1/users/login",
        "/api/v1/services/token",
        "/.well-known/jwks.json",
    ] {
        for method in [Method::GET, Method::POST] {
            let request = user.request(method, path).json(&json!({}));
            let answer = request.send_unchecked().await;
            assert!(!answer.status.is_redirection(), "{answer}");
            for name in ["set-cookie", "location"] {
                assert!(!answer.headers.contains_key(name), "{name}: {answer}");
            }
        }
    }
    let login = user.try_login(&user.password).await;
    assert_eq!(login.status, StatusCode::OK, "{login}");
    assert!(!login.headers.contains_key("set-cookie"), "{login}");
}

#[tokio::test]
async fn a_cookie_signs_nobody_in_so_a_foreign_page_can_do_nothing() {
    let service = Service::running();
    let user = service.registered_user().await;
    let row = push_token(&user).await;
    let before = service.state_of(user.id).await;
    let cookies = format!(
        "access={0}; token={0}; authorization=Bearer {0}; sessionid={1}",
        user.access,
        user.session()
    );
    for (method, path) in [
        (Method::GET, PROFILE),
        (Method::POST, "/api/v1/users/logout"),
        (Method::POST, "/api/v1/users/push-tokens/deactivate_all"),
        (Method::POST, row.as_str()),
        (Method::DELETE, row.as_str()),
    ] {
        // As a browser sends the form of another site (the Fetch standard's simple requests).
        let request = service.client().request(method.clone(), path);
        let answer = request
            .header("cookie", &cookies)
            .header("origin", "https://evil.example")
            .header("sec-fetch-site", "cross-site")
            .body("application/x-www-form-urlencoded", "bio=changed")
            .send()
            .await;
        let expected = if method == Method::POST && path == row {
            StatusCode::METHOD_NOT_ALLOWED
        } else {
            StatusCode::UNAUTHORIZED
        };
        assert_eq!(answer.status, expected, "{answer}");
    }
    assert_eq!(service.state_of(user.id).await, before);
}

#[tokio::test]
async fn a_method_is_the_requests_own_whatever_else_is_said() {
    let service = Service::running();
    let user = service.registered_user().await;
    let row = push_token(&user).await;
    for name in [
        "x-http-method-override",
        "x-http-method",
        "x-method-override",
    ] {
        let request = user.request(Method::GET, &row).header(name, "DELETE");
        let read = request.send().await;
        assert_eq!(read.status, StatusCode::OK, "{name}: {read}");
        let request = user.request(Method::POST, &row).header(name, "DELETE");
        let posted = request.json(&json!({"_method": "DELETE"})).send().await;
        assert_eq!(
            posted.status,
            StatusCode::METHOD_NOT_ALLOWED,
            "{name}: {posted}"
        );
    }
    let read = user.get(&format!("{row}?_method=DELETE")).await;
    assert_eq!(read.status, StatusCode::OK, "{read}");
    assert_eq!(user.get(&row).await.status, StatusCode::OK);
}
