//! A new push token each time.

use anyhow::Result;
use http::StatusCode;
use serde_json::json;

use super::unique;
use crate::exchange::{Expectation, Request, post_as};

/// What a new one answers.
pub(super) const REGISTERED: Expectation =
    Expectation::new(StatusCode::CREATED, "Push token registered successfully");

/// Registers push tokens of one account.
#[derive(Debug)]
pub(crate) struct PushToken {
    access_token: String,
}

impl PushToken {
    /// Push tokens of the account with this access token.
    pub(crate) fn new(access_token: String) -> Self {
        Self { access_token }
    }

    pub(crate) fn next(&self) -> Result<Request> {
        let token = format!("push-token-of-the-benchmark-{}", unique());
        post_as(
            "/api/v1/users/push-tokens",
            &self.access_token,
            &json!({"token": token, "platform": "android"}),
        )
    }
}
