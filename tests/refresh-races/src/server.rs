//! The server under test, as its client sees it.

use std::time::{Duration, SystemTime};

use anyhow::{Context, Result, bail};
use futures::future::join_all;
use http::StatusCode;

use crate::client::{Answer, send};
use crate::profile::Profile;
use crate::request::{Filled, Request, TokenRequest, fill};
use crate::tokens::Tokens;

/// The server, with an account on it.
#[derive(Debug)]
pub struct Server {
    profile: Profile,
    username: String,
    password: String,
}

impl Server {
    /// Makes the account, if the profile says how.
    ///
    /// # Errors
    /// If the server does not take it.
    pub async fn open(profile: Profile) -> Result<Self> {
        let run = run_name();
        let server = Self {
            username: fill(&profile.username, &[("run", &run)]),
            password: fill(&profile.password, &[("run", &run)]),
            profile,
        };
        if let Some(register) = &server.profile.register {
            let answer = server.send(register, None).await?;
            if !answer.status.is_success() {
                bail!("the account can't be made: {}", answer.status);
            }
        }
        Ok(server)
    }

    /// For how long a used refresh token may be exchanged again; nothing if it works once.
    pub(crate) fn grace(&self) -> Option<Duration> {
        let seconds = self.profile.grace_seconds;
        (seconds > 0).then(|| Duration::from_secs(seconds))
    }

    /// Whether access tokens end with their session.
    pub(crate) fn ends_access(&self) -> bool {
        self.profile.ends_access
    }

    /// Begins a session.
    pub(crate) async fn login(&self) -> Result<Tokens> {
        let login = &self.profile.login;
        let answer = self.send(&login.request, None).await?;
        let status = answer.status;
        tokens(login, &answer)?.with_context(|| format!("the login is refused: {status}"))
    }

    /// Exchanges a refresh token; nothing if it is refused.
    pub(crate) async fn refresh(&self, tokens: &Tokens) -> Result<Option<Tokens>> {
        let answer = self
            .send(&self.profile.refresh.request, Some(tokens))
            .await?;
        self::tokens(&self.profile.refresh, &answer)
    }

    /// Exchanges a refresh token that must be good.
    pub(crate) async fn refreshed(&self, tokens: &Tokens) -> Result<Tokens> {
        let next = self.refresh(tokens).await?;
        next.context("a refresh token that was not used yet is refused")
    }

    /// Exchanges the same refresh token `times` times at once; what was not refused.
    pub(crate) async fn refresh_at_once(
        &self,
        tokens: &Tokens,
        times: usize,
    ) -> Result<Vec<Tokens>> {
        let answers = join_all((0..times).map(|_| self.refresh(tokens))).await;
        let given: Result<Vec<_>> = answers.into_iter().collect();
        Ok(given?.into_iter().flatten().collect())
    }

    /// Whether an access token opens the protected route.
    pub(crate) async fn has_access(&self, tokens: &Tokens) -> Result<bool> {
        let answer = self.send(&self.profile.protected, Some(tokens)).await?;
        is_granted(&answer)
    }

    /// Ends the session; whether the server says so.
    pub(crate) async fn logout(&self, tokens: &Tokens) -> Result<bool> {
        let answer = self.send(&self.profile.logout, Some(tokens)).await?;
        is_granted(&answer)
    }

    async fn send(&self, request: &Request, tokens: Option<&Tokens>) -> Result<Answer> {
        let (access, refresh) = tokens.map_or(("", ""), |tokens| {
            (tokens.access.as_str(), tokens.refresh.as_str())
        });
        let filled: Filled = request.filled(&[
            ("username", self.username.as_str()),
            ("password", self.password.as_str()),
            ("access", access),
            ("refresh", refresh),
        ]);
        send(&self.profile.url, filled).await
    }
}

/// The tokens of an answer; nothing if it is a refusal.
fn tokens(request: &TokenRequest, answer: &Answer) -> Result<Option<Tokens>> {
    if !is_granted(answer)? {
        return Ok(None);
    }
    let text = |pointer: &str| {
        let text = answer
            .body
            .pointer(pointer)
            .and_then(|value| value.as_str());
        text.map(str::to_owned)
            .with_context(|| format!("the answer has no text at {pointer}"))
    };
    Ok(Some(Tokens {
        access: text(&request.access)?,
        refresh: text(&request.refresh)?,
    }))
}

/// Whether the server grants what was asked for. Anything but a clear yes or no proves nothing.
fn is_granted(answer: &Answer) -> Result<bool> {
    match answer.status {
        status if status.is_success() => Ok(true),
        StatusCode::BAD_REQUEST
        | StatusCode::UNAUTHORIZED
        | StatusCode::FORBIDDEN
        | StatusCode::NOT_FOUND
        | StatusCode::CONFLICT => Ok(false),
        status => bail!("the server answers {status}, which is neither yes nor no"),
    }
}

/// A word that no other run has.
#[expect(
    clippy::disallowed_methods,
    reason = "nothing depends on the time; it only is another one each time"
)]
fn run_name() -> String {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    format!("{:x}", now.unwrap_or_default().as_nanos())
}
