//! What no well-meaning client sends: a clear answer in the envelope, never 5xx, nothing half-written.

mod bodies;
mod headers;
mod limits;
mod random;

use e2e::{Request, Service, TestUser};
use http::Method;

const PROFILE: &str = "/api/v1/users/profile";
const PREFERENCES: &str = "/api/v1/users/preferences";
const PUSH_TOKENS: &str = "/api/v1/users/push-tokens";

/// Limits that no test of this many requests meets.
const NO_LIMITS: &str = r#"{
    "registration": {"limit": 1000000}, "login": {"limit": 1000000},
    "login_address": {"limit": 1000000}, "login_failures": {"limit": 1000000},
    "password_change": {"limit": 1000000},
    "recovery": {"limit": 1000000}, "recovery_address": {"limit": 1000000},
    "recovery_code": {"limit": 1000000},
    "general": {"rate": 1000000, "burst": 1000000}
}"#;

/// Every route that reads a body; `{id}` stands for a push token of the caller.
const ROUTES: [(&str, &str); 19] = [
    ("POST", "/api/v1/users/register"),
    ("POST", "/api/v1/users/login"),
    ("POST", "/api/v1/users/token/refresh"),
    ("POST", "/api/v1/users/logout"),
    ("POST", "/api/v1/users/change-password"),
    ("POST", "/api/v1/auth/account-deletion/cancel"),
    ("POST", "/api/v1/auth/email-change"),
    ("POST", "/api/v1/auth/email-change/confirm"),
    ("POST", "/api/v1/auth/password-reset"),
    ("POST", "/api/v1/auth/password-reset/confirm"),
    ("POST", "/api/v1/auth/verification"),
    ("POST", "/api/v1/auth/verification/confirm"),
    ("PUT", PROFILE),
    ("PATCH", PROFILE),
    ("PUT", PREFERENCES),
    ("PATCH", PREFERENCES),
    ("POST", PUSH_TOKENS),
    ("PUT", "/api/v1/users/push-tokens/{id}"),
    ("PATCH", "/api/v1/users/push-tokens/{id}"),
];

/// A user with a push token, who can be asked on every route.
struct Caller {
    user: TestUser,
    push_token: String,
}

impl Caller {
    async fn of(service: &Service) -> Self {
        let user = service.registered_user().await;
        let body = serde_json::json!({
            "token": e2e::random_hex(32), "platform": "web", "device_id": "d",
        });
        let answer = user.post(PUSH_TOKENS, &body).await;
        let push_token = answer.text("/data/id").to_owned();
        Self { user, push_token }
    }

    /// The beginning of a request of one of the [`ROUTES`].
    fn request(&self, (method, path): (&str, &str)) -> Request {
        let method = Method::from_bytes(method.as_bytes()).expect("a method");
        self.user
            .request(method, &path.replace("{id}", &self.push_token))
    }
}
