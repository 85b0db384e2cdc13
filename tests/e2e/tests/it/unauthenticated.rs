//! Every route that needs a caller, with every kind of credentials that make none.

use e2e::{ADMIN, Jwt, Request, Route, Service, SignedInService, TestUser, jwt};
use http::{Method, StatusCode};
use insta::{assert_json_snapshot, assert_snapshot};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::redacted;

/// The routes that need a caller; a request to any of them would change something or show it.
fn routes(user: Uuid, push_token: Uuid) -> Vec<(Method, String)> {
    let mut routes = users_routes(push_token);
    routes.extend(services_routes(user));
    routes.extend(admin_routes(user));
    routes
}

/// The routes that need a user.
fn users_routes(push_token: Uuid) -> Vec<(Method, String)> {
    let session = &*format!("/sessions/{push_token}");
    let push_token = &*format!("/push-tokens/{push_token}");
    [
        (Method::POST, "/logout"),
        (Method::POST, "/change-password"),
        (Method::DELETE, "/account"),
        (Method::GET, "/sessions"),
        (Method::POST, "/sessions/end_others"),
        (Method::DELETE, session),
        (Method::GET, "/activity"),
        (Method::GET, "/export"),
        (Method::GET, "/profile"),
        (Method::PUT, "/profile"),
        (Method::PATCH, "/profile"),
        (Method::GET, "/preferences"),
        (Method::PUT, "/preferences"),
        (Method::PATCH, "/preferences"),
        (Method::GET, "/push-tokens"),
        (Method::POST, "/push-tokens"),
        (Method::POST, "/push-tokens/deactivate_all"),
        (Method::GET, push_token),
        (Method::PUT, push_token),
        (Method::PATCH, push_token),
        (Method::DELETE, push_token),
    ]
    .map(|(method, path)| (method, format!("/api/v1/users{path}")))
    .into_iter()
    .chain([(Method::POST, "/api/v1/auth/email-change".to_owned())])
    .collect()
}

/// The routes that need a service.
fn services_routes(user: Uuid) -> Vec<(Method, String)> {
    [
        (Method::GET, format!("/users/{user}")),
        (Method::GET, format!("/users/{user}/preferences")),
        (Method::GET, format!("/users/{user}/push-tokens")),
        (Method::POST, "/users/lookup".to_owned()),
        (Method::GET, "/templates/welcome/preview".to_owned()),
        (Method::POST, "/delivery/decide".to_owned()),
        (Method::POST, "/delivery/explain".to_owned()),
        (Method::POST, "/push-tokens/feedback".to_owned()),
        (Method::POST, "/unsubscribe-links".to_owned()),
        (Method::POST, "/introspect".to_owned()),
        (Method::POST, "/revoke".to_owned()),
    ]
    .map(|(method, path)| (method, format!("/api/v1/services{path}")))
    .into()
}

/// The routes that need a user with a role.
fn admin_routes(user: Uuid) -> Vec<(Method, String)> {
    let user = user.to_string();
    Route::all()
        .into_iter()
        .filter(|route| route.path.starts_with(ADMIN))
        .map(|route| {
            let path = route.path.replace("{id}", &user);
            let path = path.replace("{session}", &user).replace("{role}", "admin");
            (route.method, path.replace("{name}", "push-service"))
        })
        .collect()
}

/// How a refusal reads: `detail`, `code` and the challenge.
#[derive(Clone, Copy)]
struct Refusal(&'static str, &'static str, &'static str);

const NO_CREDENTIALS: Refusal = Refusal(
    "Authentication credentials were not provided.",
    "not_authenticated",
    r#"Bearer realm="api""#,
);
const BAD_HEADER: Refusal = Refusal(
    "Authorization header must contain two space-delimited values",
    "bad_authorization_header",
    r#"Bearer realm="api", error="invalid_request""#,
);
const BAD_TOKEN: Refusal = Refusal(
    "Given token not valid for any token type",
    "token_not_valid",
    r#"Bearer realm="api", error="invalid_token""#,
);

#[tokio::test]
async fn without_credentials_nothing_is_done() {
    Victim::new()
        .await
        .is_safe_from(|request| request, NO_CREDENTIALS)
        .await;
}

#[tokio::test]
async fn another_scheme_is_no_credentials() {
    let victim = Victim::new().await;
    for value in [
        "Basic YW1pbmE6c2VjcmV0",
        &format!("Token {}", victim.user.access),
    ] {
        let credentials = |request: Request| request.header("authorization", value);
        victim.is_safe_from(credentials, NO_CREDENTIALS).await;
    }
}

#[tokio::test]
async fn a_header_without_exactly_one_token_is_refused() {
    let victim = Victim::new().await;
    let access = &victim.user.access;
    for value in [
        "Bearer",
        "bearer ",
        "Bearer 😀",
        &format!("Bearer {access} {access}"),
        &format!("Bearer {access}, Bearer {access}"),
    ] {
        let credentials = |request: Request| request.header("authorization", value);
        victim.is_safe_from(credentials, BAD_HEADER).await;
    }
}

#[tokio::test]
async fn two_authorization_headers_are_refused() {
    let victim = Victim::of(Service::behind_no_gateway()).await;
    let access = victim.user.access.clone();
    let twice = |request: Request| request.bearer(&access).bearer(&access);
    victim.is_safe_from(twice, BAD_HEADER).await;
    let mixed = |request: Request| {
        request
            .header("authorization", "Basic eA==")
            .bearer(&access)
    };
    victim.is_safe_from(mixed, BAD_HEADER).await;
}

#[tokio::test]
async fn what_is_no_token_is_refused() {
    let victim = Victim::new().await;
    for token in [
        "x",
        "...",
        "a.b.c",
        "null",
        "e30.e30.e30",
        &"x".repeat(50_000),
    ] {
        victim.is_safe_from_token(token).await;
    }
}

#[tokio::test]
async fn an_expired_token_is_refused() {
    let victim = Victim::new().await;
    let issued_at = victim.token().seconds("iat");
    victim.is_safe_from_claim("exp", issued_at - 1).await;
    victim.is_safe_from_claim("exp", 0).await;
    victim.is_safe_from_claim("exp", -1).await;
}

#[tokio::test]
async fn a_token_without_a_proper_end_is_refused() {
    let victim = Victim::new().await;
    let end = victim.token().seconds("exp");
    for value in [
        json!(null),
        json!(end.to_string()),
        json!([end]),
        json!("never"),
        json!(true),
    ] {
        victim.is_safe_from_claim("exp", value).await;
    }
    let endless = victim.token().without_claim("exp");
    victim
        .is_safe_from_token(&endless.signed(&victim.secret))
        .await;
    let claims = victim.token().claims.to_string();
    let infinite = claims.replace(&format!("\"exp\":{end}"), "\"exp\":1e400");
    assert_ne!(infinite, claims);
    let header = victim.token().header.to_string();
    victim
        .is_safe_from_token(&jwt::sign(&header, &infinite, &victim.secret))
        .await;
}

#[tokio::test]
async fn a_token_of_the_future_is_refused() {
    let victim = Victim::new().await;
    let issued_at = victim.token().seconds("iat");
    victim.is_safe_from_claim("iat", issued_at + 300).await;
    victim.is_safe_from_claim("nbf", issued_at + 300).await;
}

#[tokio::test]
async fn a_refresh_token_gives_no_access() {
    let victim = Victim::new().await;
    victim.is_safe_from_token(&victim.user.refresh).await;
    for kind in [
        json!("refresh"),
        json!("Access"),
        json!("Service"),
        json!(""),
        json!(null),
        json!(["access"]),
    ] {
        victim.is_safe_from_claim("token_type", kind).await;
    }
    let untyped = victim.token().without_claim("token_type");
    victim
        .is_safe_from_token(&untyped.signed(&victim.secret))
        .await;
}

#[tokio::test]
async fn a_signature_that_is_not_ours_is_refused() {
    let victim = Victim::new().await;
    let token = victim.token();
    for secret in [
        "",
        "another secret of at least 32 bytes",
        &victim.secret.to_uppercase(),
        &format!("{} ", victim.secret),
    ] {
        victim.is_safe_from_token(&token.signed(secret)).await;
    }
}

#[tokio::test]
async fn a_token_that_was_tampered_with_is_refused() {
    let victim = Victim::new().await;
    let access = &victim.user.access;
    let parts: Vec<&str> = access.split('.').collect();
    let [header, claims, signature] = parts[..] else {
        panic!("{access}")
    };
    let later = victim.token().claim("exp", 4_000_000_000_u64).signed("");
    let tampered_claims = later.split('.').nth(1).unwrap();
    for token in [
        format!("{header}.{tampered_claims}.{signature}"),
        format!("{header}.{claims}"),
        format!("{header}.{claims}."),
        format!("{header}.{claims}.{}", &signature[..signature.len() - 1]),
        format!("{header}.{claims}.{signature}="),
        format!("{header}.{claims}.{signature}A"),
        format!("{header}.{claims}.{}", with_other_unused_bits(signature)),
        format!("{header}.{claims}.{signature}."),
        format!("{header}.{claims}.{signature}.{signature}"),
        format!("{header}={}.{claims}.{signature}", ""),
        format!(".{claims}.{signature}"),
        format!("{header}..{signature}"),
    ] {
        assert_ne!(token, *access);
        victim.is_safe_from_token(&token).await;
    }
}

#[tokio::test]
async fn the_algorithm_is_ours_to_choose() {
    let victim = Victim::new().await;
    for algorithm in [
        "none", "None", "nOnE", "NONE", "", "HS384", "HS512", "RS256", "ES256", "EdDSA", "hs256",
    ] {
        let token = victim.token().header("alg", algorithm);
        victim.is_safe_from_token(&token.unsigned()).await;
        victim
            .is_safe_from_token(&token.signed(&victim.secret))
            .await;
    }
    for algorithm in [json!(null), json!(256), json!(["HS256"])] {
        let token = victim.token().header("alg", algorithm);
        victim
            .is_safe_from_token(&token.signed(&victim.secret))
            .await;
    }
}

#[tokio::test]
async fn a_header_that_must_be_understood_is_not() {
    let victim = Victim::new().await;
    for token in [
        victim.token().header("crit", json!(["exp"])),
        victim.token().header("crit", json!([])),
        victim
            .token()
            .header("crit", json!(["b64"]))
            .header("b64", false),
    ] {
        victim
            .is_safe_from_token(&token.signed(&victim.secret))
            .await;
    }
}

#[tokio::test]
async fn a_key_in_the_token_is_not_ours() {
    let victim = Victim::new().await;
    let secret = "a secret of the forger's own, 32+";
    let key =
        json!({"kty": "oct", "k": "YSBzZWNyZXQgb2YgdGhlIGZvcmdlcidzIG93biwgMzIr", "alg": "HS256"});
    for token in [
        victim.token().header("jwk", key),
        victim
            .token()
            .header("jku", "https://forger.example/keys.json"),
        victim
            .token()
            .header("x5u", "https://forger.example/chain.pem"),
        victim.token().header("kid", "../../../../dev/null"),
        victim.token().header("kid", "' union select 'x"),
    ] {
        victim.is_safe_from_token(&token.signed(secret)).await;
        victim.is_safe_from_token(&token.signed("")).await;
    }
}

#[tokio::test]
async fn a_token_without_a_session_is_refused() {
    let victim = Victim::new().await;
    let of_the_old_service = victim.token().without_claim("sid").without_claim("scope");
    victim
        .is_safe_from_token(&of_the_old_service.signed(&victim.secret))
        .await;
    for session in [
        json!(null),
        json!(""),
        json!("x"),
        json!(7),
        json!([victim.user.session()]),
        json!(Uuid::new_v4()),
        json!(Uuid::nil()),
    ] {
        victim.is_safe_from_claim("sid", session).await;
    }
}

#[tokio::test]
async fn a_session_of_another_user_is_refused() {
    let victim = Victim::new().await;
    let stranger = victim.service.registered_user().await;
    // A session that is live, and known to Redis as that.
    assert!(stranger.has_access().await);
    victim
        .is_safe_from_claim("sid", stranger.session().to_string())
        .await;
    victim
        .is_safe_from_claim("user_id", stranger.id.to_string())
        .await;
}

#[tokio::test]
async fn a_user_who_is_none_is_refused() {
    let victim = Victim::new().await;
    for user in [
        json!(null),
        json!(""),
        json!("1"),
        json!(1),
        json!(Uuid::new_v4()),
        json!("' or true --"),
        json!({}),
    ] {
        victim.is_safe_from_claim("user_id", user).await;
    }
    let nobody = victim.token().without_claim("user_id");
    victim
        .is_safe_from_token(&nobody.signed(&victim.secret))
        .await;
}

#[tokio::test]
async fn claims_that_are_odd_json_are_refused() {
    let victim = Victim::new().await;
    let header = victim.token().header.to_string();
    let claims = victim.token().claims.to_string();
    for odd in [
        String::new(),
        "[]".to_owned(),
        "null".to_owned(),
        claims[..claims.len() - 1].to_owned(),
        format!("{claims}{claims}"),
        claims.replacen('{', &format!("{{\"user_id\":\"{}\",", Uuid::new_v4()), 1),
        claims.replacen('{', "{\"token_type\":\"refresh\",", 1),
        "[".repeat(20_000),
        format!("{}{claims}", "{\"a\":".repeat(2_000)),
    ] {
        victim
            .is_safe_from_token(&jwt::sign(&header, &odd, &victim.secret))
            .await;
    }
    for odd in [
        "",
        "[]",
        "{}",
        "null",
        "{\"alg\":\"HS256\"",
        &"[".repeat(20_000),
    ] {
        victim
            .is_safe_from_token(&jwt::sign(odd, &claims, &victim.secret))
            .await;
    }
}

#[tokio::test]
async fn an_ended_session_gives_no_access() {
    let victim = Victim::new().await;
    let ended = victim.user.another_session().await;
    ended.post("/api/v1/users/logout", &json!({})).await;
    victim.is_safe_from_token(&ended.access).await;
}

#[tokio::test]
async fn an_expired_session_gives_no_access() {
    let victim = Victim::new().await;
    let expired = victim.user.another_session().await;
    victim
        .service
        .execute(
            "update sessions set expires_at = now() where id = $1",
            &[&expired.session()],
        )
        .await;
    victim
        .service
        .redis::<i64>(&["DEL", &expired.session_key()])
        .await;
    victim.is_safe_from_token(&expired.access).await;
}

#[tokio::test]
async fn a_closed_account_gives_no_access() {
    let victim = Victim::new().await;
    let Victim { service, user, .. } = &victim;
    service
        .execute(
            "update users set is_active = false where id = $1",
            &[&user.id],
        )
        .await;
    service.redis::<i64>(&["DEL", &user.session_key()]).await;
    victim.is_safe_from_token(&user.access).await;
}

#[tokio::test]
async fn a_deleted_account_gives_no_access() {
    let victim = Victim::new().await;
    let Victim { service, user, .. } = &victim;
    service
        .execute("delete from users where id = $1", &[&user.id])
        .await;
    service.redis::<i64>(&["DEL", &user.session_key()]).await;
    victim.is_safe_from_token(&user.access).await;
}

#[tokio::test]
async fn a_users_token_opens_no_route_of_services() {
    let victim = Victim::new().await;
    // A token that is good on his own routes.
    assert!(victim.user.has_access().await);
    let access = victim.user.access.clone();
    let routes = services_routes(victim.user.id);
    victim
        .is_safe_on(&routes, |request| request.bearer(&access), BAD_TOKEN)
        .await;
}

#[tokio::test]
async fn a_services_token_opens_no_route_of_users() {
    let victim = Victim::new().await;
    let permissions = ["users:read", "preferences:read", "push-tokens:read"];
    let caller = SignedInService::new(&victim.service, &permissions).await;
    let routes = users_routes(victim.push_token);
    // As it is, and with claims that point at the user and his session.
    let of_the_user = Jwt::read(&caller.token)
        .claim("user_id", victim.user.id.to_string())
        .claim("sid", victim.user.session().to_string());
    for token in [caller.token.clone(), of_the_user.signed(&victim.secret)] {
        victim
            .is_safe_on(&routes, |request| request.bearer(&token), BAD_TOKEN)
            .await;
    }
    // Nor is it good for the next pair of tokens.
    let body = json!({"refresh": caller.token});
    let client = victim.service.client();
    let answer = client.post("/api/v1/users/token/refresh", &body).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{answer}");
}

#[tokio::test]
async fn a_refusal_looks_as_it_always_did() {
    let client = Service::running().client();
    let answer = client
        .request(Method::GET, "/api/v1/users/profile")
        .bearer("x")
        .send()
        .await;
    assert_snapshot!(answer.status, @"401 Unauthorized");
    assert_json_snapshot!(answer.body, {".request_id" => redacted::id()}, @r#"
    {
      "success": false,
      "message": "Authentication failed",
      "error": "Given token not valid for any token type",
      "data": null,
      "meta": {
        "total": 0,
        "limit": 10,
        "page": 1,
        "total_pages": 0,
        "has_next": false,
        "has_previous": false
      },
      "code": "token_not_valid",
      "request_id": "[id]",
      "detail": "Given token not valid for any token type"
    }
    "#);
}

#[tokio::test]
async fn the_scheme_may_be_in_any_letter_case() {
    let user = Service::running().registered_user().await;
    for scheme in ["bearer", "BEARER", "bEaReR"] {
        let request = user.client.request(Method::GET, "/api/v1/users/profile");
        let request = request.header("authorization", format!("{scheme} {}", user.access));
        assert_eq!(request.send().await.status, StatusCode::OK, "{scheme}");
    }
}

#[tokio::test]
async fn clocks_may_be_a_minute_apart() {
    let service = Service::running();
    let user = service.registered_user().await;
    let token = Jwt::read(&user.access);
    let issued_at = token.seconds("iat");
    let ahead = token
        .claim("iat", issued_at + 45)
        .claim("nbf", issued_at + 45);
    let request = user.client.request(Method::GET, "/api/v1/users/profile");
    let answer = request
        .bearer(&ahead.signed(service.jwt_secret()))
        .send()
        .await;
    assert_snapshot!(answer.status, @"200 OK");
}

#[tokio::test]
async fn issuer_and_audience_are_required_where_they_are_set() {
    let service = Service::with_variables(&[
        ("jwt_issuer", "https://users.example"),
        ("jwt_audience", "notifications"),
    ]);
    let user = service.registered_user().await;
    let token = Jwt::read(&user.access);
    assert_eq!(token.claims["iss"], "https://users.example");
    assert_eq!(token.claims["aud"], "notifications");
    assert!(user.has_access().await);
    let user = user.refreshed().await;
    assert!(user.has_access().await);
    for forged in [
        token.clone().without_claim("iss"),
        token.clone().without_claim("aud"),
        token.clone().claim("iss", "https://forger.example"),
        token.clone().claim("aud", "others"),
        token.clone().claim("aud", Value::Null),
    ] {
        let access = forged.signed(service.jwt_secret());
        let forger = TestUser {
            access,
            ..user.clone()
        };
        assert!(!forger.has_access().await, "{forged:?}");
    }
}

/// A user with something to lose on every route.
struct Victim {
    service: Service,
    secret: String,
    user: TestUser,
    push_token: Uuid,
}

impl Victim {
    async fn new() -> Self {
        Self::of(Service::running()).await
    }

    async fn of(service: Service) -> Self {
        let user = service.registered_user().await;
        let body = json!({"token": Uuid::new_v4(), "platform": "web"});
        let created = user.post("/api/v1/users/push-tokens", &body).await;
        Self {
            secret: service.jwt_secret().to_owned(),
            push_token: created.text("/data/id").parse().expect("a UUID"),
            service,
            user,
        }
    }

    /// A good access token of his, to be bent.
    fn token(&self) -> Jwt {
        Jwt::read(&self.user.access)
    }

    async fn is_safe_from_claim(&self, name: &str, value: impl Into<Value>) {
        let token = self.token().claim(name, value).signed(&self.secret);
        self.is_safe_from_token(&token).await;
    }

    async fn is_safe_from_token(&self, token: &str) {
        self.is_safe_from(|request| request.bearer(token), BAD_TOKEN)
            .await;
    }

    /// Every route refuses these credentials, before it looks at the body, and nothing changes.
    async fn is_safe_from(&self, credentials: impl Fn(Request) -> Request, refusal: Refusal) {
        let routes = routes(self.user.id, self.push_token);
        self.is_safe_on(&routes, credentials, refusal).await;
    }

    /// The same for some routes.
    async fn is_safe_on(
        &self,
        routes: &[(Method, String)],
        credentials: impl Fn(Request) -> Request,
        refusal: Refusal,
    ) {
        let before = self.service.state_of(self.user.id).await;
        let Refusal(detail, code, challenge) = refusal;
        let body = json!({
            "old_password": self.user.password,
            "new_password": "Nx7! of the thief",
            "new_password_confirm": "Nx7! of the thief",
            "profile": {"bio": "changed"},
            "email_enabled": false,
            "token": "changed",
            "platform": "ios",
            "ids": [self.user.id],
        });
        // From an address of its own each time: a gateway limits how much one may ask for.
        let client = self.service.client();
        for (method, path) in routes {
            let request = credentials(client.request(method.clone(), path));
            let request = match *method {
                Method::GET | Method::DELETE => request,
                Method::PATCH => request.body("text/plain", "{"),
                _ => request.json(&body),
            };
            let answer = request.send().await;
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{answer}");
            assert_eq!(answer.text("/detail"), detail, "{answer}");
            assert_eq!(answer.text("/code"), code, "{answer}");
            assert_eq!(answer.header("www-authenticate"), challenge, "{answer}");
            assert_eq!(answer.body["data"], Value::Null, "{answer}");
        }
        assert_eq!(self.service.state_of(self.user.id).await, before);
    }
}

/// The same bytes in base64 with the bits set that the last character does not need.
fn with_other_unused_bits(signature: &str) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let (rest, last) = signature.split_at(signature.len() - 1);
    let index = ALPHABET
        .iter()
        .position(|letter| last.as_bytes() == [*letter])
        .expect("a letter of base64url");
    format!("{rest}{}", char::from(ALPHABET[index | 1]))
}
