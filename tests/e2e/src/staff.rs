//! Users with a role.

use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::service::Service;
use crate::user::TestUser;

/// Where administrators and support work.
pub const ADMIN: &str = "/api/v1/admin";

impl Service {
    /// A user who has just registered, and has a role.
    pub async fn staff(&self, role: &str) -> TestUser {
        let user = self.registered_user().await;
        self.grant(&user, role).await;
        user
    }

    /// Gives a user a role, as `cargo xtask create-admin` does.
    pub async fn grant(&self, user: &TestUser, role: &str) {
        let grant = "insert into user_roles (user_id, role) values ($1, $2)";
        self.execute(grant, &[&user.id, &role]).await;
    }
}

impl TestUser {
    /// Does something as an administrator, for a reason.
    pub async fn act(&self, method: Method, path: &str) -> Answer {
        self.act_with(method, path, json!({})).await
    }

    /// The same with more in the body.
    pub async fn act_with(&self, method: Method, path: &str, body: Value) -> Answer {
        let mut body = body;
        body["reason"] = json!("Asked by phone.");
        let request = self.request(method, &format!("{ADMIN}{path}"));
        request.json(&body).send().await
    }

    /// The same, which must succeed.
    pub async fn do_act(&self, method: Method, path: &str) -> Answer {
        let answer = self.act(method, path).await;
        assert_eq!(answer.status, StatusCode::OK, "{answer}");
        answer
    }

    /// Looks at something as an administrator.
    pub async fn look(&self, path: &str) -> Answer {
        self.get(&format!("{ADMIN}{path}")).await
    }
}
