//! Limits of how often something may be done.

use domain::{BurstLimit, RateLimitState, ServiceAccountId, SessionId, UserId, WindowLimit};
use store::user_cache::{Document, Seen};
use store::{Attempt, RedisError};
use telemetry::metrics::RATE_LIMIT_REFUSALS;

use crate::allowance::Allowance;
use crate::app::{Access, App};
use crate::client::Client;
use crate::context::Context;
use crate::digest::sha256_hex;
use crate::error::ApiError;
use crate::random;

/// A strict limit: on what, and how it is called.
#[derive(Clone, Copy, Debug)]
pub struct StrictLimit {
    /// Its name in the headers and in the variable `rate_limits`.
    pub name: &'static str,
    /// How many attempts are allowed in which time.
    pub limit: WindowLimit,
    /// What is limited, in the words of the refusal: "login attempts".
    pub attempts: &'static str,
}

impl StrictLimit {
    /// Counts an attempt for `subject`.
    ///
    /// # Errors
    /// [`ApiError::RateLimited`] if it is one too many; [`ApiError::Database`] if it can't be
    /// counted.
    pub async fn count(self, app: &App, context: &Context, subject: &str) -> Result<(), ApiError> {
        let key = format!("{}:{subject}", self.name);
        let nonce = random::hex::<16>();
        let Attempt { allowed, limit } = app.rate_limiter.attempt(&key, self.limit, &nonce).await?;
        context.note_allowance(Allowance {
            policy: self.limit.policy_header(self.name),
            state: Some(limit.header(self.name)),
        });
        permitted(self.name, allowed, self.attempts, limit)
    }
}

/// A limit of failures: the first are free, then each doubles the time until the client may try
/// again.
#[derive(Clone, Copy, Debug)]
pub struct FailureLimit {
    /// Its name in the headers and in the variable `rate_limits`.
    pub name: &'static str,
    /// The free failures, and the time in which they are forgotten.
    pub free: WindowLimit,
    /// What may fail, in the words of the refusal: "login attempts".
    pub attempts: &'static str,
}

/// The limit of failed logins from one address.
pub const LOGIN_FAILURES: &str = "login_failures";

impl FailureLimit {
    /// Lets `subject` try, if he need not wait.
    ///
    /// # Errors
    /// [`ApiError::RateLimited`] if he must.
    pub async fn permit(self, app: &App, context: &Context, subject: &str) -> Result<(), ApiError> {
        let state = app
            .failure_delays
            .state(&self.key(subject), self.free)
            .await;
        context.note_allowance(Allowance {
            policy: self.free.policy_header(self.name),
            state: state.map(|state| state.header(self.name)),
        });
        match state {
            Some(state) => permitted(self.name, state.reset.is_zero(), self.attempts, state),
            None => Ok(()),
        }
    }

    /// Counts a failure of `subject`.
    pub async fn note(self, app: &App, subject: &str) {
        app.failure_delays.note(&self.key(subject), self.free).await;
    }

    fn key(self, subject: &str) -> String {
        format!("{}:{subject}", self.name)
    }
}

/// Counts a request of `user`, and reads the state of his session and a document in the same round
/// trip; nothing is known and nothing counted without Redis.
///
/// # Errors
/// [`ApiError::RateLimited`] if it is one too many.
pub async fn count_request(
    access: &Access,
    context: &Context,
    user: UserId,
    session: SessionId,
    document: Option<Document>,
) -> Result<Option<Seen>, ApiError> {
    let limit = access.rate_limits.general;
    let seen = access.cache.look_up(user, session, document, limit).await;
    permitted_by_general(context, limit, seen.ok())
}

/// Counts a request of somebody unknown for the address that it comes from; nothing is counted
/// without Redis.
///
/// # Errors
/// [`ApiError::RateLimited`] if it is one too many.
pub async fn count_anonymous(
    access: &Access,
    context: &Context,
    client: &Client,
) -> Result<(), ApiError> {
    let limit = access.rate_limits.general;
    let seen = access
        .cache
        .count_anonymous(&client.rate_key(), limit)
        .await;
    permitted_by_general(context, limit, seen.ok()).map(drop)
}

/// Counts a request of the service `account`, and reads the state of its token in the same round
/// trip; nothing is known and nothing counted without Redis.
///
/// # Errors
/// [`ApiError::RateLimited`] if it is one too many.
pub async fn count_service_request(
    access: &Access,
    context: &Context,
    account: ServiceAccountId,
    token_id: &str,
) -> Result<Option<Seen>, ApiError> {
    let limit = access.rate_limits.general;
    let seen = access.service_cache.look_up(account, token_id, limit).await;
    permitted_by_general(context, limit, seen.ok())
}

/// Notes what the general limit has left.
fn permitted_by_general(
    context: &Context,
    limit: BurstLimit,
    seen: Option<Seen>,
) -> Result<Option<Seen>, ApiError> {
    context.note_allowance(Allowance {
        policy: limit.policy_header("general"),
        state: seen.as_ref().map(|seen| seen.limit.header("general")),
    });
    if let Some(seen) = &seen {
        permitted("general", seen.allowed, "requests", seen.limit)?;
    }
    Ok(seen)
}

/// Forgets what was tried at the account of `user` with the e-mail address `email`, in lower case, and
/// the failures at the `addresses` where he has signed in.
///
/// # Errors
/// [`RedisError`]: what Redis has counted is forgotten in part, or not at all.
pub async fn forget_attempts(
    app: &App,
    user: UserId,
    email: &str,
    addresses: &[String],
) -> Result<(), RedisError> {
    let account = format!("login:{}", subject_of(email));
    let at_addresses = addresses
        .iter()
        .map(|address| format!("{account}:{address}"));
    let mut keys: Vec<String> = at_addresses.collect();
    keys.extend([account, format!("password_change:{user}")]);
    app.rate_limiter.forget(&keys).await?;
    for address in addresses {
        let failures = format!("{LOGIN_FAILURES}:{address}");
        app.failure_delays.forget(&failures).await?;
    }
    Ok(())
}

/// The name under which a limit counts `personal`, an e-mail address: its hash, so that Redis and
/// its logs hold no address.
pub fn subject_of(personal: &str) -> String {
    sha256_hex(personal)
}

/// Success if the limit `name` has `allowed` it.
///
/// # Errors
/// [`ApiError::RateLimited`] if not.
fn permitted(
    name: &str,
    allowed: bool,
    attempts: &'static str,
    limit: RateLimitState,
) -> Result<(), ApiError> {
    if allowed {
        Ok(())
    } else {
        RATE_LIMIT_REFUSALS.add(&[name]);
        Err(ApiError::RateLimited {
            attempts,
            retry_after: limit.reset,
        })
    }
}
