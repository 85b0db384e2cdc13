//! Accounts of the service, registered over HTTP.

use anyhow::{Context, Result};
use http::StatusCode;
use serde::Deserialize;
use serde_json::json;
use tokio::task::JoinSet;

use crate::connection::Connection;
use crate::exchange::{Answer, Expectation, Request, post};
use crate::servers::Servers;
use crate::service_account;

/// The password of every account.
pub(crate) const PASSWORD: &str = "Kx7! 4m2q wn8d";

/// What a registration answers.
pub(crate) const REGISTERED: Expectation =
    Expectation::new(StatusCode::CREATED, "User registered successfully");

/// How many accounts are made at once: hashing keeps all cores busy with few.
const AT_ONCE: usize = 4;

/// Accounts that each connection reads in turn.
pub(crate) const READERS_A_CONNECTION: usize = 8;

/// Accounts that log in.
const LOGINS: usize = 16;

/// The accounts that a measurement needs.
#[derive(Debug)]
pub(crate) struct Accounts {
    /// Those that are only read.
    pub(crate) readers: Vec<Account>,
    /// Those that change, one for each connection.
    pub(crate) writers: Vec<Account>,
    /// Those that log in.
    pub(crate) logins: Vec<Account>,
    /// Those that log in where hashing is cheapest.
    pub(crate) unhashed_logins: Vec<Account>,
    /// Those whose session nobody refreshes yet.
    unused: Vec<Account>,
    /// What another service presents.
    pub(crate) service_token: String,
}

impl Accounts {
    /// Registers what as many connections at once need, and `unused` to be taken.
    ///
    /// # Errors
    /// If one can't be registered; the text quotes the answer.
    pub(crate) async fn register(
        servers: &Servers,
        connections: usize,
        unused: usize,
    ) -> Result<Self> {
        // Who does not log in later need not wait for his hash.
        let quick = &servers.unhashed()?.url;
        Ok(Self {
            readers: register(quick, "reader", connections * READERS_A_CONNECTION).await?,
            writers: register(quick, "writer", connections).await?,
            logins: register(&servers.ours()?.url, "login", LOGINS).await?,
            unhashed_logins: register(quick, "unhashed", LOGINS).await?,
            unused: register(quick, "unused", unused).await?,
            service_token: service_account::token(servers).await?,
        })
    }

    /// An account whose session is refreshed by nobody else.
    ///
    /// # Errors
    /// If all are taken.
    pub(crate) fn take(&mut self) -> Result<Account> {
        self.unused.pop().context("there are too few accounts")
    }
}

/// An account that is signed in.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Account {
    pub(crate) id: String,
    pub(crate) email: String,
    pub(crate) tokens: Tokens,
}

/// The tokens of a session.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Tokens {
    pub(crate) access: String,
    pub(crate) refresh: String,
}

/// The request that registers this address.
///
/// # Errors
/// If it can't be rendered.
pub(crate) fn registration(email: &str) -> Result<Request> {
    let body = json!({
        "name": "Amina Bello",
        "email": email,
        "password": PASSWORD,
        "preferences": {"email": true, "push": true},
    });
    post("/api/v1/users/register", &body)
}

/// Registers `count` accounts with the service at `url`, whose addresses begin with `name`.
///
/// # Errors
/// If one can't be registered; the text quotes the answer.
pub(crate) async fn register(url: &str, name: &'static str, count: usize) -> Result<Vec<Account>> {
    let mut running = JoinSet::new();
    for first in 0..AT_ONCE.min(count) {
        let mut connection = Connection::to(url)?;
        running.spawn(async move {
            let mut accounts = Vec::new();
            for number in (first..count).step_by(AT_ONCE) {
                let request = registration(&format!("{name}-{number}@example.com"))?;
                accounts.push(account(&connection.send(request).await?)?);
            }
            anyhow::Ok(accounts)
        });
    }
    let mut all = Vec::with_capacity(count);
    while let Some(accounts) = running.join_next().await {
        let accounts = accounts.context("a client failed")?;
        all.extend(accounts.context("can't register the accounts to measure with")?);
    }
    Ok(all)
}

fn account(answer: &Answer) -> Result<Account> {
    #[derive(Deserialize)]
    struct Body {
        data: Account,
    }
    REGISTERED.check(answer)?;
    let body: Body =
        serde_json::from_slice(&answer.body).context("the answer to a registration is odd")?;
    Ok(body.data)
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;

    #[test]
    fn an_account_is_read_from_the_answer() {
        let body = r#"{"success": true, "message": "User registered successfully", "data":
            {"id": "7", "email": "a@example.com", "tokens": {"refresh": "r", "access": "a"}}}"#;
        let mut answer = Answer {
            status: StatusCode::CREATED,
            body: Bytes::from_static(body.as_bytes()),
        };
        let account = account(&answer).unwrap();
        assert_eq!((&*account.id, &*account.tokens.refresh), ("7", "r"));
        answer.status = StatusCode::TOO_MANY_REQUESTS;
        assert!(super::account(&answer).is_err());
    }
}
