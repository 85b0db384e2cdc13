//! The chain of refresh tokens of one session.

use anyhow::{Context, Result};
use http::StatusCode;
use serde::Deserialize;
use serde_json::json;

use crate::accounts::Tokens;
use crate::exchange::{Answer, Expectation, Request, post};

const REFRESHED: Expectation = Expectation::new(StatusCode::OK, "Token refreshed successfully");

/// Exchanges a refresh token for its successor, which is the next to be exchanged.
#[derive(Debug)]
pub(crate) struct Refresh {
    token: String,
}

impl Refresh {
    /// Begins with `token`.
    pub(crate) fn new(token: String) -> Self {
        Self { token }
    }

    pub(crate) fn next(&self) -> Result<Request> {
        post(
            "/api/v1/users/token/refresh",
            &json!({"refresh": self.token}),
        )
    }

    pub(crate) fn learn(&mut self, answer: &Answer) -> Result<()> {
        #[derive(Deserialize)]
        struct Body {
            data: Tokens,
        }
        REFRESHED.check(answer)?;
        let body: Body =
            serde_json::from_slice(&answer.body).context("the answer to a refresh is odd")?;
        self.token = body.data.refresh;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;

    #[test]
    fn only_a_success_moves_the_chain_on() {
        let mut refresh = Refresh::new("first".to_owned());
        let body = r#"{"message": "Token refreshed successfully", "data":
            {"access": "a", "refresh": "second"}}"#;
        let mut answer = Answer {
            status: StatusCode::SERVICE_UNAVAILABLE,
            body: Bytes::from_static(body.as_bytes()),
        };
        assert!(refresh.learn(&answer).is_err());
        assert_eq!(refresh.token, "first");
        answer.status = StatusCode::OK;
        refresh.learn(&answer).unwrap();
        assert_eq!(refresh.token, "second");
    }
}
