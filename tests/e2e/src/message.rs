//! What would have been sent to a user by e-mail: the secrets that his events carry.

use serde_json::Value;

use crate::client::Client;
use crate::events::Events;
use crate::user::TestUser;

/// A token that was sent to an address, and the code beside it if there is one.
#[derive(Clone, Debug)]
pub struct Message {
    /// The token.
    pub token: String,
    /// The code; empty if there is none.
    pub code: String,
    /// All of the event's data.
    pub data: Value,
}

impl Message {
    /// The message in the last of the `count` events of `user`, which is of this type.
    pub async fn of(events: &Events, user: &TestUser, count: usize, event_type: &str) -> Self {
        let told = events.of(&user.id, count).await;
        let event = &told[count - 1];
        assert_eq!(event.routing_key, event_type, "{}", event.body);
        let data = event.body["data"].clone();
        let text = |name: &str| data[name].as_str().unwrap_or_default().to_owned();
        Self {
            token: text("token"),
            code: text("code"),
            data,
        }
    }

    /// Another code.
    pub fn wrong_code(&self) -> String {
        let code: u32 = self.code.parse().expect("six digits");
        format!("{:06}", (code + 1) % 1_000_000)
    }
}

impl TestUser {
    /// Asks for a message to his address, through `client`: `POST /api/v1/auth/<what>`.
    pub async fn ask_for(&self, client: &Client, what: &str) {
        let path = format!("/api/v1/auth/{what}");
        let body = serde_json::json!({"email": self.email});
        let answer = client.post(&path, &body).await;
        assert_eq!(answer.status, http::StatusCode::ACCEPTED, "{answer}");
    }
}
