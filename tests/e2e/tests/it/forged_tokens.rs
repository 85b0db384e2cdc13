//! RFC 8725 as a table: tokens that somebody has forged, bent or taken from elsewhere. None opens a
//! route, none is exchanged, and the challenge is always that of RFC 6750.

mod vectors;

use e2e::{Answer, Jwt, Service, SigningKey, TestUser, jwt_keys};
use http::{Method, StatusCode};
use serde_json::json;

use vectors::{Forger, vectors};

const PROFILE: &str = "/api/v1/users/profile";
const REFRESH: &str = "/api/v1/users/token/refresh";
const ISSUER: &str = "https://users.example";
const AUDIENCE: &str = "notifications";
/// How many there are at least.
const LEAST: usize = 100;

/// A service with keys in every state, an issuer and an audience.
struct Target {
    service: Service,
    active: SigningKey,
    standby: SigningKey,
    retired: SigningKey,
}

impl Target {
    fn new() -> Self {
        let [active, standby, retired] =
            ["active-1", "standby-1", "retired-1"].map(SigningKey::new);
        let keys = jwt_keys(&[
            (&active, "active"),
            (&standby, "standby"),
            (&retired, "retired"),
        ]);
        let service = Service::with_variables(&[
            ("jwt_keys", &keys),
            ("jwt_issuer", ISSUER),
            ("jwt_audience", AUDIENCE),
        ]);
        Self {
            service,
            active,
            standby,
            retired,
        }
    }

    fn forger<'a>(&'a self, good: &'a str, other: &'a str) -> Forger<'a> {
        Forger {
            good,
            other,
            active: &self.active,
            standby: &self.standby,
            secret: self.service.jwt_secret(),
        }
    }
}

fn assert_refused(what: &str, answer: &Answer) {
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{what}: {answer}");
    assert_eq!(answer.text("/code"), "token_not_valid", "{what}");
    assert_eq!(
        answer.header("www-authenticate"),
        r#"Bearer realm="api", error="invalid_token""#,
        "{what}"
    );
}

async fn profile_with(user: &TestUser, token: &str) -> Answer {
    let request = user.client.request(Method::GET, PROFILE);
    request.bearer(token).send().await
}

#[tokio::test]
async fn no_forged_access_token_opens_a_route() {
    let target = Target::new();
    let user = target.service.registered_user().await;
    let vectors = vectors(&target.forger(&user.access, &user.refresh));
    assert!(vectors.len() >= LEAST, "{}", vectors.len());
    for (what, token) in &vectors {
        assert_refused(what, &profile_with(&user, token).await);
    }
    assert!(user.has_access().await);
}

#[tokio::test]
async fn no_forged_refresh_token_is_exchanged_or_ends_a_session() {
    let target = Target::new();
    let user = target.service.registered_user().await;
    let before = target.service.state_of(user.id).await;
    for (what, token) in vectors(&target.forger(&user.refresh, &user.access)) {
        let answer = user.client.post(REFRESH, &json!({"refresh": token})).await;
        assert_refused(&what, &answer);
    }
    assert_eq!(target.service.state_of(user.id).await, before);
    assert_eq!(user.try_refresh().await.status, StatusCode::OK);
}

#[tokio::test]
async fn what_the_forgeries_are_made_of_is_good() {
    let target = Target::new();
    let user = target.service.registered_user().await;
    let good = Jwt::read(&user.access);
    assert_eq!(good.claims["iss"], ISSUER);
    assert_eq!(good.claims["aud"], AUDIENCE);
    for key in [&target.active, &target.standby, &target.retired] {
        let token = good.clone().header("kid", key.kid.as_str()).signed_by(key);
        let answer = profile_with(&user, &token).await;
        assert_eq!(answer.status, StatusCode::OK, "{}: {answer}", key.kid);
    }
    let of_the_secret = Jwt {
        header: json!({"alg": "HS256", "typ": "JWT"}),
        ..good.clone()
    };
    let token = of_the_secret.signed(target.service.jwt_secret());
    assert_eq!(profile_with(&user, &token).await.status, StatusCode::OK);
    let several = good.claim("aud", json!(["another", AUDIENCE]));
    let answer = profile_with(&user, &several.signed_by(&target.active)).await;
    assert_eq!(answer.status, StatusCode::OK, "{answer}");
}
