//! A user who uses the service all the time, and remembers what it has acknowledged.

use std::sync::Arc;
use std::time::{Duration, Instant};

use e2e::{Answer, Request, TestUser};
use http::{Method, StatusCode};
use serde_json::json;
use tokio::time::sleep;

use crate::ledger::Ledger;
use crate::servers::Servers;

const PREFERENCES: &str = "/api/v1/users/preferences";
const PROFILE: &str = "/api/v1/users/profile";
const LOGIN: &str = "/api/v1/users/login";
const LOGOUT: &str = "/api/v1/users/logout";
const REFRESH: &str = "/api/v1/users/token/refresh";

/// No answer takes as long, or the service hangs.
const PATIENCE: Duration = Duration::from_secs(20);

/// Between two requests of a user.
const PAUSE: Duration = Duration::from_millis(25);

/// A user, and what he knows.
#[derive(Debug)]
pub(crate) struct BusyUser {
    user: TestUser,
    ledger: Arc<Ledger>,
    /// The last change that was acknowledged, and the last that was tried.
    acknowledged: u64,
    tried: u64,
    /// Access tokens of sessions whose end was acknowledged.
    revoked: Vec<String>,
}

impl BusyUser {
    pub(crate) async fn registered(servers: &Servers) -> Self {
        Self {
            user: servers.service.registered_user().await,
            ledger: Arc::new(Ledger::new()),
            acknowledged: 0,
            tried: 0,
            revoked: Vec::new(),
        }
    }

    /// Does one thing after the other, until it is `until`, and notes in `ledger` what comes of it.
    pub(crate) async fn work(mut self, ledger: Arc<Ledger>, until: Instant) -> Self {
        self.ledger = ledger;
        let mut round = 0_u32;
        while Instant::now() < until {
            round = round.wrapping_add(1);
            match round % 20 {
                0 => self.refresh().await,
                5 | 15 => self.change().await,
                10 => self.use_revoked().await,
                19 if round % 100 == 99 => self.sign_in_and_out().await,
                even if even % 2 == 0 => self.read_profile().await,
                _ => self.read().await,
            }
            sleep(PAUSE).await;
        }
        self
    }

    /// Checks, when nothing fails any more, that all is as it was acknowledged.
    pub(crate) async fn check(&mut self) {
        self.read().await;
        self.change().await;
        self.read().await;
        self.refresh().await;
        for token in &self.revoked {
            self.try_revoked(token).await;
        }
    }

    /// Reads the preferences: no acknowledged change may be missing.
    async fn read(&mut self) {
        let request = self.user.request(Method::GET, PREFERENCES);
        let Some(answer) = self.send(request, StatusCode::OK).await else {
            return;
        };
        let read = answer.data()["frequency_limit"]
            .as_u64()
            .unwrap_or_default();
        if self.tried > 0 && !(self.acknowledged..=self.tried).contains(&read) {
            let expected = self.acknowledged..=self.tried;
            let id = self.user.id;
            self.ledger
                .note_lost(format!("{id} reads {read}, not one of {expected:?}"));
        }
        // What was read once may not go away again.
        self.acknowledged = self.acknowledged.max(read.min(self.tried));
    }

    async fn read_profile(&mut self) {
        let request = self.user.request(Method::GET, PROFILE);
        self.send(request, StatusCode::OK).await;
    }

    async fn change(&mut self) {
        self.tried += 1;
        let body = json!({"frequency_limit": self.tried});
        let request = self.user.request(Method::PUT, PREFERENCES).json(&body);
        if self.send(request, StatusCode::OK).await.is_some() {
            self.acknowledged = self.tried;
        }
    }

    async fn refresh(&mut self) {
        let body = json!({"refresh": self.user.refresh});
        let request = self.user.client.request(Method::POST, REFRESH).json(&body);
        if let Some(answer) = self.send(request, StatusCode::OK).await {
            answer.text("/access").clone_into(&mut self.user.access);
            answer.text("/refresh").clone_into(&mut self.user.refresh);
        }
    }

    /// Signs in once more, and out again: that session's tokens are worth nothing then.
    async fn sign_in_and_out(&mut self) {
        let body = json!({"email": self.user.email, "password": self.user.password});
        let request = self.user.client.request(Method::POST, LOGIN).json(&body);
        let Some(answer) = self.send(request, StatusCode::OK).await else {
            return;
        };
        let access = answer.text("/data/tokens/access").to_owned();
        let request = self.user.client.request(Method::POST, LOGOUT);
        let request = request.bearer(&access).json(&json!({}));
        if self.send(request, StatusCode::OK).await.is_some() {
            self.revoked.push(access);
        }
    }

    async fn use_revoked(&mut self) {
        if let Some(token) = self.revoked.last().cloned() {
            self.try_revoked(&token).await;
        }
    }

    async fn try_revoked(&self, token: &str) {
        let request = self.user.client.request(Method::GET, PROFILE).bearer(token);
        let begun = Instant::now();
        let answer = request.within(PATIENCE).send().await;
        if answer.status == StatusCode::OK {
            let text = format!("a token of {} whose session has ended", self.user.id);
            self.ledger.note_revoked_accepted(text);
        } else {
            self.ledger
                .note(&answer, StatusCode::UNAUTHORIZED, begun.elapsed());
        }
    }

    /// Sends `request`; the answer, if it is as expected.
    async fn send(&self, request: Request, expected: StatusCode) -> Option<Answer> {
        let begun = Instant::now();
        let answer = request.within(PATIENCE).send().await;
        let is_expected = self.ledger.note(&answer, expected, begun.elapsed());
        is_expected.then_some(answer)
    }
}
