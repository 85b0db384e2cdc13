//! `GET /.well-known/jwks.json`, and the rotation of the keys that sign tokens.

use e2e::{Answer, Jwt, Service, SigningKey, TestUser, jwt_keys, random_hex};
use http::{Method, StatusCode};
use serde_json::{Value, json};

const JWKS: &str = "/.well-known/jwks.json";

/// The identifiers of the keys that a service publishes.
async fn published(service: &Service) -> Vec<String> {
    let answer = jwks(service, Method::GET).await;
    let keys = answer.body["keys"].as_array().expect("a list").clone();
    for key in &keys {
        let names: Vec<_> = key.as_object().expect("an object").keys().collect();
        assert_eq!(names, ["kty", "crv", "use", "alg", "kid", "x"]);
    }
    let kid = |key: &Value| key["kid"].as_str().expect("a kid").to_owned();
    keys.iter().map(kid).collect()
}

async fn jwks(service: &Service, method: Method) -> Answer {
    let request = service.client().request(method, JWKS);
    let answer = request.send_unchecked().await;
    assert_eq!(answer.status, StatusCode::OK, "{answer}");
    assert_eq!(answer.header("content-type"), "application/jwk-set+json");
    assert_eq!(answer.header("cache-control"), "public, max-age=300");
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    answer
}

/// The same user as a client of another service.
fn at(service: &Service, user: &TestUser) -> TestUser {
    TestUser {
        client: service.client(),
        ..user.clone()
    }
}

/// The `kid` of his tokens, which both have the same one.
fn kid(user: &TestUser) -> Value {
    let header = Jwt::read(&user.access).header;
    assert_eq!(header, Jwt::read(&user.refresh).header);
    header["kid"].clone()
}

#[tokio::test]
async fn without_keys_none_is_published_and_the_secret_signs() {
    let service = Service::running();
    assert!(published(&service).await.is_empty());
    assert!(jwks(&service, Method::HEAD).await.bytes.is_empty());
    let refused = service.client().post(JWKS, &json!({})).await;
    assert_eq!(refused.status, StatusCode::METHOD_NOT_ALLOWED, "{refused}");
    let user = service.registered_user().await;
    let header = Jwt::read(&user.access).header;
    assert_eq!(header, json!({"alg": "HS256", "typ": "JWT"}));
}

#[tokio::test]
async fn keys_are_rotated_without_a_logout() {
    let (first, second) = (SigningKey::new("first"), SigningKey::new("second"));
    let secret = random_hex(32);
    // Each is the service after one more step; all have the same database, and so the same sessions.
    let with = |keys: &[(&SigningKey, &str)]| {
        let keys = jwt_keys(keys);
        Service::with_variables(&[("jwt_secret", &secret), ("jwt_keys", &keys)])
    };
    let published_first = with(&[(&first, "standby")]);
    let user = published_first.registered_user().await;
    assert_eq!(published(&published_first).await, ["first"]);
    assert!(kid(&user).is_null(), "a standby key signs nothing");

    let promoted_first = with(&[(&first, "active"), (&second, "standby")]);
    let before = at(&promoted_first, &user);
    assert!(before.has_access().await);
    let user = before.refreshed().await;
    assert_eq!(kid(&user), "first");
    assert_eq!(published(&promoted_first).await, ["first", "second"]);
    // A host that has not heard of it yet.
    assert!(at(&published_first, &user).has_access().await);

    let promoted_second = with(&[(&first, "retired"), (&second, "active")]);
    let before = at(&promoted_second, &user);
    assert!(before.has_access().await);
    let user = before.refreshed().await;
    assert_eq!(kid(&user), "second");
    assert_eq!(published(&promoted_second).await, ["first", "second"]);
    assert!(at(&promoted_first, &user).has_access().await);

    let removed_first = with(&[(&second, "active")]);
    assert!(at(&removed_first, &user).has_access().await);
    assert!(!at(&removed_first, &before).has_access().await);
    assert_eq!(published(&removed_first).await, ["second"]);
}

#[tokio::test]
async fn a_token_of_the_old_secret_can_be_refused_at_last() {
    let key = SigningKey::new("only");
    let secret = random_hex(32);
    let keys = jwt_keys(&[(&key, "active")]);
    let both = Service::with_variables(&[("jwt_secret", &secret), ("jwt_keys", &keys)]);
    let user = both.registered_user().await;
    let old = TestUser {
        access: Jwt {
            header: json!({"alg": "HS256", "typ": "JWT"}),
            ..Jwt::read(&user.access)
        }
        .signed(&secret),
        ..user.clone()
    };
    assert!(old.has_access().await);

    let only_keys = Service::with_variables(&[
        ("jwt_secret", &secret),
        ("jwt_keys", &keys),
        ("jwt_accept_hs256", "false"),
    ]);

    assert!(!at(&only_keys, &old).has_access().await);
    assert!(at(&only_keys, &user).has_access().await);
}

#[tokio::test]
async fn keys_that_are_not_right_are_named_in_the_log_and_not_told() {
    let mut key = SigningKey::new("broken").jwk("active");
    key["x"] = SigningKey::new("other").jwk("active")["x"].clone();
    let keys = json!({"keys": [key]}).to_string();
    let service = Service::with_variables(&[("jwt_keys", &keys)]);

    let answer = service.client().get("/api/v1/users/profile").await;

    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{answer}");
    assert_eq!(answer.text("/code"), "misconfigured");
    let log = service.stack().host().expect("a host of its own").log();
    let log = std::fs::read_to_string(log).expect("a log");
    assert!(log.contains("jwt_keys") && log.contains("key 1"), "{log}");
    let private = key["d"].as_str().expect("a private part");
    assert!(!log.contains(private), "the log has a private key");
}
