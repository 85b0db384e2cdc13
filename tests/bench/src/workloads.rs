//! What is measured, and in which order.

use std::time::Duration;

use anyhow::{Context, Result};
use http::StatusCode;
use serde_json::json;

use crate::accounts::{self, Account, PASSWORD};
use crate::exchange::{Expectation, Request, get, get_as, post};
use crate::load::Client;
use crate::progress;
use crate::row::{ARGON2ID, CACHED_PREFERENCES, HELLO, LOGIN_ALONE, LOGIN_UNHASHED, Row, Subject};
use crate::scripts::{CacheMiss, Refresh, Registration, Ring, Script};
use crate::servers::Servers;
use crate::workload::Workload;

/// All workloads take turns so many times, so that what else the machine does meets all of them.
const ROUNDS: u32 = 5;

/// Requests under way at once where passwords are hashed: enough to keep the cores busy.
const HASHING_CONNECTIONS: usize = 4;

/// Accounts that each connection reads in turn.
const ACCOUNTS_A_CONNECTION: usize = 8;

/// Accounts that log in.
const LOGIN_ACCOUNTS: usize = 8;

const PROFILE: &str = "/api/v1/users/profile";
const PREFERENCES: &str = "/api/v1/users/preferences";

/// How much is measured.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan {
    /// Requests under way at once where nothing is hashed.
    pub(crate) connections: usize,
    /// The time that each workload is measured.
    pub(crate) time: Duration,
}

/// Measures everything.
///
/// # Errors
/// If the accounts for it can't be made, or the client itself fails. Failing requests are counted.
pub(crate) async fn measure(servers: &Servers, plan: &Plan) -> Result<Vec<Row>> {
    progress("Registering the accounts to measure with ...");
    let mut workloads = workloads(servers, plan).await?;
    let time = plan.time / ROUNDS;
    for round in 1..=ROUNDS {
        // At first everything is cold; later only the component's instance is.
        let warm_up = if round == 1 { time } else { time / 4 };
        progress(&format!("Measuring, round {round} of {ROUNDS} ..."));
        for workload in &mut workloads {
            workload.run(warm_up, time).await?;
        }
    }
    let mut rows: Vec<Row> = workloads.iter().map(Workload::row).collect();
    rows.extend(hash_in_the_component(&rows));
    Ok(rows)
}

/// What a login takes beyond one whose hash costs next to nothing.
fn hash_in_the_component(rows: &[Row]) -> Option<Row> {
    let row = |work| rows.iter().find(|row| row.work == work);
    Some(row(LOGIN_ALONE)?.beyond(row(LOGIN_UNHASHED)?, ARGON2ID))
}

async fn workloads(servers: &Servers, plan: &Plan) -> Result<Vec<Workload>> {
    let (service, unhashed) = (&servers.service(), &servers.unhashed());
    let readers = plan.connections * ACCOUNTS_A_CONNECTION;
    let readers = accounts::register(service, "reader", readers).await?;
    let logins = accounts::register(service, "login", LOGIN_ACCOUNTS).await?;
    let unhashed_logins = accounts::register(unhashed, "unhashed", LOGIN_ACCOUNTS).await?;

    let ours = |work, clients| Workload::requests(work, Subject::Ours, clients);
    let hello = repeated(&servers.hello(), plan, &get("/"), "Hello")?;
    let health = repeated(service, plan, &get("/health"), r#""status":"healthy""#)?;
    Ok(vec![
        Workload::requests(HELLO, Subject::Hello, hello),
        ours(CACHED_PREFERENCES, cached_preferences(service, &readers)?),
        ours("cached profile", cached_profile(service, &readers)?),
        ours(
            "profile on a miss",
            profile_on_a_miss(servers, &readers).await?,
        ),
        ours("refresh", refresh(service, &readers)?),
        ours("health", health),
        ours("login", login(service, &logins, HASHING_CONNECTIONS)?),
        ours("registration", registration(service)?),
        ours(LOGIN_ALONE, login(service, &logins, 1)?),
        ours(LOGIN_UNHASHED, login(unhashed, &unhashed_logins, 1)?),
        Workload::native_hashes(ARGON2ID),
    ])
}

/// One request, on all connections.
fn repeated(url: &str, plan: &Plan, request: &Request, text: &'static str) -> Result<Vec<Client>> {
    (0..plan.connections)
        .map(|_| ring(vec![request.clone()], text))
        .map(|ring| Client::new(url, Script::Ring(ring)))
        .collect()
}

fn cached_preferences(url: &str, readers: &[Account]) -> Result<Vec<Client>> {
    readers
        .chunks(ACCOUNTS_A_CONNECTION)
        .map(|readers| reading(PREFERENCES, readers, "Preferences retrieved from cache"))
        .map(|ring| Client::new(url, Script::Ring(ring?)))
        .collect()
}

fn cached_profile(url: &str, readers: &[Account]) -> Result<Vec<Client>> {
    readers
        .chunks(ACCOUNTS_A_CONNECTION)
        .map(|readers| reading(PROFILE, readers, "User profile retrieved from cache"))
        .map(|ring| Client::new(url, Script::Ring(ring?)))
        .collect()
}

async fn profile_on_a_miss(servers: &Servers, readers: &[Account]) -> Result<Vec<Client>> {
    let redis = redis::Client::open(servers.redis_url()).context("the URL of Redis is none")?;
    let redis = redis
        .get_multiplexed_async_connection()
        .await
        .context("can't connect to Redis")?;
    readers
        .chunks(ACCOUNTS_A_CONNECTION)
        .map(|readers| {
            let ring = reading(PROFILE, readers, "User profile retrieved successfully")?;
            let keys = readers
                .iter()
                .map(|reader| format!("us:{{{}}}:user", reader.id));
            let script = CacheMiss::new(ring, keys.collect(), redis.clone());
            Client::new(&servers.service(), Script::CacheMiss(script))
        })
        .collect()
}

fn refresh(url: &str, readers: &[Account]) -> Result<Vec<Client>> {
    readers
        .chunks(ACCOUNTS_A_CONNECTION)
        .map(|readers| Refresh::new(readers[0].tokens.refresh.clone()))
        .map(|refresh| Client::new(url, Script::Refresh(refresh)))
        .collect()
}

fn login(url: &str, accounts: &[Account], connections: usize) -> Result<Vec<Client>> {
    let login = |account: &Account| {
        let body = json!({"email": account.email, "password": PASSWORD});
        post("/api/v1/users/login", &body)
    };
    accounts
        .chunks(accounts.len() / connections)
        .map(|accounts| accounts.iter().map(login).collect::<Result<_>>())
        .map(|requests| Client::new(url, Script::Ring(ring(requests?, "Login successful"))))
        .collect()
}

fn registration(url: &str) -> Result<Vec<Client>> {
    (0..HASHING_CONNECTIONS)
        .map(|client| Client::new(url, Script::Registration(Registration::new(client))))
        .collect()
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
