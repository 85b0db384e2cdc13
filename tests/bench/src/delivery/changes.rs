//! Who makes changes, each of which has an event of its own.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use bytes::Bytes;
use http::{Method, StatusCode, header};
use http_body_util::Full;
use serde_json::json;
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::accounts::Account;
use crate::connection::Connection;
use crate::exchange::{Expectation, Request};

const CHANGED: Expectation = Expectation::new(StatusCode::OK, "\"success\":true");

/// A change that was answered.
#[derive(Clone, Debug)]
pub(super) struct Change {
    /// Whose change it is.
    pub(super) user: String,
    /// What he has set: every change another number.
    pub(super) number: u32,
    /// When its answer was there.
    pub(super) answered: Instant,
}

/// A user who makes one change after the other.
#[derive(Debug)]
pub(super) struct Changer {
    connection: Connection,
    account: Account,
}

impl Changer {
    /// The user of `account` with the service at `url`.
    ///
    /// # Errors
    /// If `url` is none.
    pub(super) fn new(url: &str, account: Account) -> Result<Self> {
        Ok(Self {
            connection: Connection::to(url)?,
            account,
        })
    }

    /// Makes so many changes, with `pause` between them.
    ///
    /// # Errors
    /// If one is not answered as it should be.
    pub(super) async fn change(&mut self, count: u32, pause: Duration) -> Result<Vec<Change>> {
        let mut changes = Vec::new();
        for number in 1..=count {
            let body = json!({"frequency_limit": number}).to_string();
            let request = request(
                Method::PUT,
                "/api/v1/users/preferences",
                &self.account.tokens.access,
                body.into(),
            )?;
            let answer = self.connection.send(request).await?;
            let answered = Instant::now();
            CHANGED.check(&answer).context("can't make a change")?;
            changes.push(Change {
                user: self.account.id.clone(),
                number,
                answered,
            });
            if !pause.is_zero() {
                sleep(pause).await;
            }
        }
        Ok(changes)
    }
}

/// All of `crowd` make so many changes each, all at once.
///
/// # Errors
/// If one is not answered as it should be.
pub(super) async fn at_once(crowd: Vec<Changer>, count: u32) -> Result<Vec<Change>> {
    let mut running = JoinSet::new();
    for mut changer in crowd {
        running.spawn(async move { changer.change(count, Duration::ZERO).await });
    }
    let mut all = Vec::new();
    while let Some(changes) = running.join_next().await {
        all.extend(changes.context("a client failed")??);
    }
    Ok(all)
}

/// Who calls the internal route.
#[derive(Debug)]
pub(super) struct Timer {
    connection: Connection,
    secret: String,
}

impl Timer {
    /// One who calls the service at `url` with the internal secret.
    ///
    /// # Errors
    /// If `url` is none.
    pub(super) fn new(url: &str, secret: &str) -> Result<Self> {
        Ok(Self {
            connection: Connection::to(url)?,
            secret: secret.to_owned(),
        })
    }

    /// Has the outbox drained.
    ///
    /// # Errors
    /// If that is not answered as it should be.
    pub(super) async fn drain(&mut self) -> Result<()> {
        let path = "/internal/outbox/drain";
        let request = request(Method::POST, path, &self.secret, Bytes::new())?;
        CHANGED.check(&self.connection.send(request).await?)
    }
}

fn request(method: Method, path: &'static str, token: &str, body: Bytes) -> Result<Request> {
    http::Request::builder()
        .method(method)
        .uri(path)
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .header(header::CONTENT_TYPE, "application/json")
        .body(Full::new(body))
        .context("a token is no header value")
}
