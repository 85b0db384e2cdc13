//! Junk and forgeries in headers and URLs.

use e2e::{NewAccount, Request, Service, TestUser};
use http::{Method, StatusCode};
use insta::assert_snapshot;

use super::{PREFERENCES, PROFILE, PUSH_TOKENS};

const REGISTER: &str = "/api/v1/users/register";
const LOGIN: &str = "/api/v1/users/login";

#[tokio::test]
async fn junk_in_a_query_is_refused_or_ignored() {
    let service = Service::running();
    let user = service.registered_user().await;
    for path in [PROFILE, PREFERENCES, PUSH_TOKENS] {
        for query in ["%", "%zz", "a=%FF", "%FF=a", "%ED%A0%80", "fields=%C3"] {
            let answer = user.get(&format!("{path}?{query}")).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{answer}");
        }
        let long = "a=b&".repeat(4_000);
        for query in [
            "",
            "&&&",
            "=",
            "a",
            "a=%00",
            "[]=1&a[b][c]=2",
            "%3Cscript%3E",
            &long,
        ] {
            let answer = user.get(&format!("{path}?{query}")).await;
            assert_eq!(answer.status, StatusCode::OK, "{answer}");
        }
    }
}

#[tokio::test]
async fn long_and_odd_headers_do_no_harm() {
    let service = Service::running();
    let user = service.registered_user().await;
    let long = "x".repeat(16_000);
    for (name, value) in [
        ("cookie", long.as_bytes()),
        ("user-agent", long.as_bytes()),
        ("accept-encoding", long.as_bytes()),
        ("origin", long.as_bytes()),
        ("x-forwarded-for", long.as_bytes()),
        ("traceparent", b"00-zz-zz-zz"),
        ("accept", b"text/html"),
        ("x-request-id", "é".as_bytes()),
        ("accept", "é".as_bytes()),
        ("if-none-match", b"*"),
        ("range", b"bytes=0-1"),
        ("expect", b"the-unexpected"),
        ("content-encoding", b"gzip"),
        ("x-http-method-override", b"DELETE"),
        ("x-original-url", b"/health"),
        ("host", b"evil.example"),
    ] {
        let answer = user
            .request(Method::GET, PROFILE)
            .header(name, value)
            .send()
            .await;
        assert_eq!(answer.status, StatusCode::OK, "{name}: {answer}");
        assert_eq!(answer.data()["id"], user.id.to_string(), "{name}");
    }
}

#[tokio::test]
async fn a_long_or_odd_authorization_is_refused() {
    let service = Service::running();
    let client = service.client();
    let long = format!("Bearer {}", "x".repeat(64_000));
    let dots = format!("Bearer {}", ".".repeat(10_000));
    for value in [
        long.as_str(),
        &dots,
        "Bearer é",
        "Bearer a.b.c ,",
        "é",
        "Bearer \t",
    ] {
        let request = client
            .request(Method::GET, PROFILE)
            .header("authorization", value);
        let answer = request.send().await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{answer}");
    }
}

#[tokio::test]
async fn the_browser_of_a_session_may_call_itself_anything() {
    let service = Service::running();
    let long = "\u{1F600}".repeat(1_000);
    for agent in ["", "a\tb", "\"'; drop table users; --", &long] {
        let client = service.client();
        let request = client
            .request(Method::POST, REGISTER)
            .header("user-agent", agent);
        let answer = request.json(&NewAccount::random()).send().await;
        assert_eq!(answer.status, StatusCode::CREATED, "{answer}");
    }
}

#[tokio::test]
async fn forged_headers_of_the_host_do_not_lead_elsewhere() {
    let service = Service::running();
    let user = service.registered_user().await;
    let mut request = user.request(Method::GET, PROFILE);
    for (name, value) in [
        ("spin-path-info", "/health"),
        ("spin-full-url", "http://evil.example/health"),
        ("spin-matched-route", "/health"),
        ("spin-raw-component-route", "/health"),
        ("spin-component-route", "/health"),
        ("spin-base-path", "/health"),
        ("spin-client-addr", "not an address"),
    ] {
        request = request.header(name, value).header(name, value);
    }
    let answer = request.send().await;
    assert_snapshot!(answer.status, @"200 OK");
    assert_eq!(answer.data()["id"], user.id.to_string());
}

#[tokio::test]
async fn limits_count_by_the_true_address_whatever_a_client_claims() {
    let service = Service::running();
    for name in [
        "spin-client-addr",
        "x-forwarded-for",
        "forwarded",
        "x-real-ip",
    ] {
        let client = service.client();
        for attempt in 0..6 {
            let claimed = if name == "spin-client-addr" {
                format!("203.0.113.{attempt}:5000")
            } else {
                format!("203.0.113.{attempt}")
            };
            let request = client.request(Method::POST, REGISTER).header(name, claimed);
            let answer = request.json(&NewAccount::random()).send().await;
            let expected = if attempt < 5 {
                StatusCode::CREATED
            } else {
                StatusCode::TOO_MANY_REQUESTS
            };
            assert_eq!(
                answer.status, expected,
                "{name}, attempt {attempt}: {answer}"
            );
        }
    }
}

#[tokio::test]
async fn the_address_of_a_login_is_the_true_one_whatever_a_client_claims() {
    let service = Service::running();
    let user = service.registered_user().await;
    let request = login(&user)
        .header("spin-client-addr", "203.0.113.9:5000")
        .header("spin-client-addr", "203.0.113.8:5000")
        .header("x-forwarded-for", "203.0.113.7, 127.0.0.1");

    let answer = request.send().await;

    assert_snapshot!(answer.status, @"200 OK");
    assert_eq!(
        last_login_ip(&service, &user).await,
        user.client.address().to_string()
    );
}

#[tokio::test]
async fn behind_a_trusted_proxy_the_address_is_the_one_that_it_saw() {
    let service = Service::with_variables(&[("trusted_proxies", "127.0.0.0/8,198.51.100.0/24")]);
    let user = service.registered_user().await;
    let peer = user.client.address().to_string();
    for (forwarded_for, expected) in [
        (&["203.0.113.7"][..], "203.0.113.7"),
        (&["203.0.113.99, 203.0.113.8"], "203.0.113.8"),
        (&["203.0.113.9, 198.51.100.1, 127.0.0.1"], "203.0.113.9"),
        (
            &["203.0.113.99", "203.0.113.10,198.51.100.2"],
            "203.0.113.10",
        ),
        (&["2001:db8::7"], "2001:db8::7"),
        (&["::ffff:203.0.113.11"], "203.0.113.11"),
        (&["not an address"], &peer),
        (&[""], &peer),
        (&[], &peer),
    ] {
        let mut request = login(&user);
        for line in forwarded_for {
            request = request.header("x-forwarded-for", line);
        }
        let answer = request.send().await;
        assert_eq!(answer.status, StatusCode::OK, "{answer}");
        assert_eq!(
            last_login_ip(&service, &user).await,
            expected,
            "{forwarded_for:?}"
        );
    }
}

#[tokio::test]
async fn behind_a_trusted_proxy_limits_count_by_what_it_saw() {
    let service = Service::with_variables(&[("trusted_proxies", "127.0.0.0/8")]);
    let register = |forwarded_for: String| {
        let request = service.client().request(Method::POST, REGISTER);
        request
            .header("x-forwarded-for", forwarded_for)
            .json(&NewAccount::random())
            .send()
    };
    for attempt in 0..6 {
        let expected = if attempt < 5 { 201 } else { 429 };
        // The left entry is the client's own word; of an IPv6 address the first half counts.
        let ipv4 = register(format!("10.0.0.{attempt}, 203.0.113.7")).await;
        assert_eq!(ipv4.status, expected, "{ipv4}");
        let ipv6 = register(format!("2001:db8:1:2::{attempt}")).await;
        assert_eq!(ipv6.status, expected, "{ipv6}");
    }
    assert_eq!(register("203.0.113.8".to_owned()).await.status, 201);
    assert_eq!(register("2001:db8:1:3::1".to_owned()).await.status, 201);
}

fn login(user: &TestUser) -> Request {
    let body = serde_json::json!({"email": user.email, "password": user.password});
    user.client.request(Method::POST, LOGIN).json(&body)
}

async fn last_login_ip(service: &Service, user: &TestUser) -> String {
    let query = "select host(last_login_ip) from users where id = $1";
    service.value(query, &[&user.id]).await
}
