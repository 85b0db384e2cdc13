//! The gateway of `deploy/nginx`: what it tells the hosts, what it keeps from them, and what it answers
//! itself. `cargo xtask test --hosts 3` runs all other tests through it.

use e2e::{Answer, Client, NewAccount, Service, TestUser};
use futures::{StreamExt, stream};
use http::{Method, StatusCode};
use serde_json::json;
use stack::Nginx;

const REGISTER: &str = "/api/v1/users/register";
const HEALTH: &str = "/health/live";

#[tokio::test]
async fn hosts_see_the_clients_address_and_that_it_came_by_tls() {
    let (service, nginx) = service_behind_nginx();
    let client = Client::of_gateway(&nginx);
    let request = client.request(Method::POST, REGISTER);
    let claims = request
        .header("x-forwarded-for", "203.0.113.7")
        .header("x-forwarded-proto", "http")
        .header("forwarded", "for=203.0.113.7;proto=http");
    let account = NewAccount::random();

    let answer = claims.json(&account).send().await;

    assert_eq!(answer.status, StatusCode::CREATED, "{answer}");
    assert!(
        answer.headers.contains_key("strict-transport-security"),
        "{answer}"
    );
    let seen = "select host(client_address) from audit_log where action = 'user_created'
         and subject_id = (select id from users where email = $1)";
    let seen: String = service.value(seen, &[&account.email]).await;
    assert_eq!(seen, client.address().to_string());
}

#[tokio::test]
async fn what_is_for_operators_is_not_passed_on() {
    let (service, nginx) = service_behind_nginx();
    for (method, path) in [
        (Method::GET, "/metrics"),
        (Method::GET, "/internal/outbox"),
        (Method::POST, "/internal/sweep"),
    ] {
        let client = Client::of_gateway(&nginx);
        let request = client.request(method, path);
        let answer = request.bearer(service.internal_secret()).send_unchecked();
        let answer = answer.await;
        assert_own_answer(&answer, StatusCode::NOT_FOUND, "not_found");
    }
}

#[tokio::test]
async fn without_a_host_it_is_503_until_one_is_there() {
    let (service, nginx) = service_behind_nginx();
    let host = service.stack().host().expect("a host");
    host.stop();

    let request = Client::of_gateway(&nginx).request(Method::GET, HEALTH);
    let answer = request.send_unchecked().await;

    assert_own_answer(&answer, StatusCode::SERVICE_UNAVAILABLE, "unavailable");
    assert_eq!(answer.header("retry-after"), "1");
    host.start().expect("the host starts again");
    e2e::eventually("it is passed on again", async || {
        let request = Client::of_gateway(&nginx).request(Method::GET, HEALTH);
        request.send_unchecked().await.status == StatusCode::OK
    })
    .await;
}

#[tokio::test]
async fn a_body_above_the_services_limit_is_refused_by_it_and_a_huge_one_by_the_gateway() {
    let (_service, nginx) = service_behind_nginx();
    let post = async |size: usize| {
        let request = Client::of_gateway(&nginx).request(Method::POST, REGISTER);
        let request = request.body("application/json", vec![b' '; size]);
        request.send_unchecked().await
    };
    let large = post(1024 * 1024 + 1).await;
    assert_eq!(large.status, StatusCode::PAYLOAD_TOO_LARGE, "{large}");
    large.assert_envelope();
    let huge = post(4 * 1024 * 1024 + 1).await;
    assert_own_answer(&huge, StatusCode::PAYLOAD_TOO_LARGE, "payload_too_large");
    assert_eq!(huge.body["error"], large.body["error"]);
}

#[tokio::test]
async fn an_address_that_asks_without_end_is_refused_and_others_are_not() {
    /// Far more than the burst, and what is allowed meanwhile.
    const REQUESTS: usize = 3000;
    let (_service, nginx) = service_behind_nginx();
    let greedy = Client::of_gateway(&nginx);
    let ask = || {
        let request = greedy.request(Method::GET, HEALTH);
        async move { request.send_unchecked().await }
    };
    let answers = stream::repeat_with(ask).take(REQUESTS).buffer_unordered(32);
    let refused = answers.skip_while(|answer| {
        let passed = answer.status == StatusCode::OK;
        async move { passed }
    });
    let refused = Box::pin(refused).next().await.expect("one is refused");

    assert_own_answer(&refused, StatusCode::TOO_MANY_REQUESTS, "rate_limited");
    assert_eq!(refused.header("retry-after"), "1");
    let other = Client::of_gateway(&nginx).get(HEALTH).await;
    assert_eq!(other.status, StatusCode::OK, "{other}");
}

#[tokio::test]
async fn who_comes_without_tls_is_sent_to_it_and_http_2_is_offered() {
    let (_service, nginx) = service_behind_nginx();
    let plain = Client::new(&nginx.plain_url());
    let request = plain.request(Method::GET, "/api/v1/users/profile?a=b");
    let request = request.header("host", "users.example");
    let answer = request.send_unchecked().await;
    assert_eq!(answer.status, StatusCode::PERMANENT_REDIRECT, "{answer}");
    let place = "https://users.example/api/v1/users/profile?a=b";
    assert_eq!(answer.header("location"), place);

    let client = Client::of_gateway(&nginx);
    let agreed = client.agreed_protocol(&["h2", "http/1.1"]).await;
    assert_eq!(agreed.as_deref(), Some("h2"));
}

#[tokio::test]
async fn a_token_in_a_path_or_a_query_is_not_logged() {
    let (service, nginx) = service_behind_nginx();
    let client = Client::of_gateway(&nginx);
    client
        .get("/api/v1/unsubscribe/secret-1?token=secret-2")
        .await;
    let user = TestUser::registered(Client::of_gateway(&nginx)).await;
    let answer = user.get("/api/v1/users/profile").await;

    let file = service.stack().folder().join("nginx/access.log");
    let read = || std::fs::read_to_string(&file).expect("a log");
    e2e::eventually("all is logged", async || read().lines().count() == 3).await;
    let log = read();
    let lines: Vec<serde_json::Value> = log
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    assert_eq!(lines[0]["path"], "/api/v1/unsubscribe/...");
    assert_eq!(lines[2]["path"], "/api/v1/users/profile");
    assert_eq!(lines[2]["request_id"], answer.header("x-request-id"));
    assert!(
        !log.contains("secret") && !log.contains(&user.access),
        "{log}"
    );
}

/// A service of the test's own with a gateway in front of it.
fn service_behind_nginx() -> (Service, Nginx) {
    let service = Service::with_variables(&[("trusted_proxies", "127.0.0.1/32")]);
    let stack = service.stack();
    let nginx = Nginx::launch(stack.folder(), &[stack.port()]).expect("nginx starts");
    (service, nginx)
}

/// It is the gateway's, and has the service's form.
fn assert_own_answer(answer: &Answer, status: StatusCode, code: &str) {
    assert_eq!(answer.status, status, "{answer}");
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert!(!answer.headers.contains_key("server-timing"), "{answer}");
    let mut body = answer.body.clone();
    for text in ["message", "error"] {
        assert!(!body[text].take().as_str().unwrap_or_default().is_empty());
    }
    let expected = json!({
        "success": false,
        "message": null,
        "data": null,
        "meta": {
            "total": 0, "limit": 10, "page": 1, "total_pages": 0,
            "has_next": false, "has_previous": false,
        },
        "error": null,
        "code": code,
        "request_id": answer.header("x-request-id"),
    });
    assert_eq!(body, expected, "{answer}");
}
