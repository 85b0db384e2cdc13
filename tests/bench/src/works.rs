//! The works: for each, the clients that do it.

use anyhow::{Context, Result};
use http::StatusCode;
use redis::aio::MultiplexedConnection;
use serde_json::json;

use crate::accounts::{Account, Accounts, PASSWORD, READERS_A_CONNECTION};
use crate::exchange::{Expectation, Request, get, get_as, patch_as, post, post_as};
use crate::load::Client;
use crate::names::{CACHED_PREFERENCES, LOGIN, PROFILE_ON_A_MISS, REFRESH};
use crate::scripts::{CacheMiss, PushToken, Refresh, Ring, Script};

const PROFILE: &str = "/api/v1/users/profile";
const PREFERENCES: &str = "/api/v1/users/preferences";

/// Every work by its name, in the order of measuring.
pub(crate) const WORKS: [(&str, Work); 11] = [
    ("health", health),
    (CACHED_PREFERENCES, cached_preferences),
    ("cached profile", cached_profile),
    (PROFILE_ON_A_MISS, profile_on_a_miss),
    ("preferences update", preferences_update),
    ("push token registration", push_token_registration),
    (REFRESH, refresh),
    ("decision", decision),
    ("mixed", mixed),
    (LOGIN, login),
    ("registration", registration),
];

/// Makes the clients of a work.
pub(crate) type Work = fn(&mut Making<'_>) -> Result<Vec<Client>>;

/// For whom clients are made.
#[derive(Debug)]
pub(crate) struct Making<'a> {
    /// The server that they speak to.
    pub(crate) url: &'a str,
    /// How many there are.
    pub(crate) connections: usize,
    /// Whom they speak for.
    pub(crate) accounts: &'a mut Accounts,
    /// Where the cache is.
    pub(crate) redis: &'a Redis,
}

/// The service's Redis.
#[derive(Clone)]
pub(crate) struct Redis(MultiplexedConnection);

impl std::fmt::Debug for Redis {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Redis").finish_non_exhaustive()
    }
}

impl Redis {
    /// Connects to the one at `url`.
    ///
    /// # Errors
    /// If it can't be reached.
    pub(crate) async fn open(url: &str) -> Result<Self> {
        let client = redis::Client::open(url).context("the URL of Redis is none")?;
        let connection = client.get_multiplexed_async_connection().await;
        Ok(Self(connection.context("can't connect to Redis")?))
    }
}

impl Making<'_> {
    /// One request on all connections, answered with `text`.
    pub(crate) fn repeated(
        &mut self,
        request: &Request,
        text: &'static str,
    ) -> Result<Vec<Client>> {
        self.each(|_, _| Ok(Script::Ring(ring(vec![request.clone()], text))))
    }

    /// A client for each connection.
    fn each(&mut self, script: impl Fn(&mut Self, usize) -> Result<Script>) -> Result<Vec<Client>> {
        (0..self.connections)
            .map(|number| Client::new(self.url, script(self, number)?))
            .collect()
    }

    fn readers(&self, connection: usize) -> &[Account] {
        let first = connection * READERS_A_CONNECTION;
        &self.accounts.readers[first..first + READERS_A_CONNECTION]
    }
}

fn health(making: &mut Making<'_>) -> Result<Vec<Client>> {
    making.repeated(&get("/health"), r#""status":"healthy""#)
}

pub(crate) fn cached_preferences(making: &mut Making<'_>) -> Result<Vec<Client>> {
    making.each(|making, number| {
        let text = "Preferences retrieved from cache";
        Ok(Script::Ring(reading(
            PREFERENCES,
            making.readers(number),
            text,
        )?))
    })
}

fn cached_profile(making: &mut Making<'_>) -> Result<Vec<Client>> {
    making.each(|making, number| {
        let text = "User profile retrieved from cache";
        Ok(Script::Ring(reading(
            PROFILE,
            making.readers(number),
            text,
        )?))
    })
}

fn profile_on_a_miss(making: &mut Making<'_>) -> Result<Vec<Client>> {
    making.each(|making, number| {
        let readers = making.readers(number);
        let ring = reading(PROFILE, readers, "User profile retrieved successfully")?;
        let keys = readers
            .iter()
            .map(|reader| format!("us:{{{}}}:user", reader.id));
        let redis = making.redis.0.clone();
        Ok(Script::CacheMiss(CacheMiss::new(
            ring,
            keys.collect(),
            redis,
        )))
    })
}

fn preferences_update(making: &mut Making<'_>) -> Result<Vec<Client>> {
    making.each(|making, number| {
        let requests = updates(&making.accounts.writers[number])?;
        Ok(Script::Ring(ring(
            requests.into(),
            "Preferences updated successfully",
        )))
    })
}

fn push_token_registration(making: &mut Making<'_>) -> Result<Vec<Client>> {
    making.each(|making, number| {
        let token = making.accounts.writers[number].tokens.access.clone();
        Ok(Script::PushToken(PushToken::new(token)))
    })
}

pub(crate) fn refresh(making: &mut Making<'_>) -> Result<Vec<Client>> {
    making.each(|making, _| {
        let token = making.accounts.take()?.tokens.refresh;
        Ok(Script::Refresh(Refresh::new(token)))
    })
}

fn decision(making: &mut Making<'_>) -> Result<Vec<Client>> {
    making.each(|making, number| {
        let token = &making.accounts.service_token;
        // Of a category that takes no slots, so that each is decided alike.
        let requests = making.readers(number).iter().map(|reader| {
            let message = json!({
                "user_id": reader.id,
                "channel": "email",
                "category": "security",
            });
            post_as("/api/v1/services/delivery/decide", token, &message)
        });
        Ok(Script::Ring(ring(
            requests.collect::<Result<_>>()?,
            "Delivery decided",
        )))
    })
}

/// Nine reads of ten, of a user whom the tenth request changes.
fn mixed(making: &mut Making<'_>) -> Result<Vec<Client>> {
    making.each(|making, number| {
        let writer = &making.accounts.writers[number];
        let mut requests = Vec::new();
        for update in updates(writer)? {
            for path in [PREFERENCES, PREFERENCES, PROFILE].repeat(3) {
                requests.push(get_as(path, &writer.tokens.access)?);
            }
            requests.push(update);
        }
        Ok(Script::Ring(ring(requests, r#""success":true"#)))
    })
}

pub(crate) fn login(making: &mut Making<'_>) -> Result<Vec<Client>> {
    making.each(|making, number| logging_in(&making.accounts.logins, number))
}

pub(crate) fn unhashed_login(making: &mut Making<'_>) -> Result<Vec<Client>> {
    making.each(|making, number| logging_in(&making.accounts.unhashed_logins, number))
}

fn registration(making: &mut Making<'_>) -> Result<Vec<Client>> {
    making.each(|_, _| Ok(Script::Registration))
}

/// Logs in with each of `accounts` in turn, each connection with another at a time.
fn logging_in(accounts: &[Account], connection: usize) -> Result<Script> {
    let requests = (0..accounts.len()).map(|number| {
        let account = &accounts[(connection + number) % accounts.len()];
        let body = json!({"email": account.email, "password": PASSWORD});
        post("/api/v1/users/login", &body)
    });
    Ok(Script::Ring(ring(
        requests.collect::<Result<_>>()?,
        "Login successful",
    )))
}

/// Two changes of `account` that undo each other, so that each changes something.
fn updates(account: &Account) -> Result<[Request; 2]> {
    let update = |marketing: bool| {
        let body = json!({"email_marketing": marketing, "frequency_limit": 10});
        patch_as(PREFERENCES, &account.tokens.access, &body)
    };
    Ok([update(true)?, update(false)?])
}

/// Reads `path` for each of `readers` in turn.
fn reading(path: &'static str, readers: &[Account], text: &'static str) -> Result<Ring> {
    let requests = readers
        .iter()
        .map(|reader| get_as(path, &reader.tokens.access));
    Ok(ring(requests.collect::<Result<_>>()?, text))
}

/// Requests that are all answered 200 with `text`.
fn ring(requests: Vec<Request>, text: &'static str) -> Ring {
    Ring::new(requests, Expectation::new(StatusCode::OK, text))
}
