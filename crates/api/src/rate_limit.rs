//! Limits of how often something may be done.

mod key;

use domain::{BurstLimit, RateLimitState, ServiceAccountId, SessionId, UserId};
use store::user_cache::{CachedDocument, Seen};
use store::{Attempt, RedisError};
use telemetry::metrics::RATE_LIMIT_REFUSALS;

use crate::allowance::Allowance;
use crate::app::{Access, App};
use crate::client::Client;
use crate::context::Context;
use crate::error::ApiError;
use crate::random;

pub use key::LimitKey;

/// Counts an attempt under `key`.
///
/// # Errors
/// [`ApiError::RateLimited`] if it is one too many; [`ApiError::Database`] if it can't be counted.
pub async fn count(access: &Access, context: &Context, key: LimitKey<'_>) -> Result<(), ApiError> {
    let strict = key.limit(&access.rate_limits);
    let nonce = random::hex::<16>();
    let Attempt { allowed, limit } = access
        .rate_limiter
        .attempt(&key.to_string(), strict.limit, &nonce)
        .await?;
    context.note_allowance(Allowance {
        policy: strict.limit.policy_header(strict.name),
        state: Some(limit.header(strict.name)),
    });
    permitted(strict.name, allowed, strict.attempts, limit)
}

/// Lets him try whose failures `key` counts, if he need not wait: the first are free, then each doubles the
/// time until he may try again.
///
/// # Errors
/// [`ApiError::RateLimited`] if he must wait.
pub async fn permit(access: &Access, context: &Context, key: LimitKey<'_>) -> Result<(), ApiError> {
    let free = key.limit(&access.rate_limits);
    let state = access
        .failure_delays
        .state(&key.to_string(), free.limit)
        .await;
    context.note_allowance(Allowance {
        policy: free.limit.policy_header(free.name),
        state: state.map(|state| state.header(free.name)),
    });
    match state {
        Some(state) => permitted(free.name, state.reset.is_zero(), free.attempts, state),
        None => Ok(()),
    }
}

/// Counts a failure under `key`.
pub async fn note_failure(access: &Access, key: LimitKey<'_>) {
    let free = key.limit(&access.rate_limits);
    access
        .failure_delays
        .note(&key.to_string(), free.limit)
        .await;
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
    document: Option<CachedDocument>,
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
    let at_addresses = addresses
        .iter()
        .map(|address| LimitKey::LoginAt(email, address));
    let keys: Vec<String> = at_addresses
        .chain([LimitKey::Login(email), LimitKey::PasswordChange(user)])
        .map(|key| key.to_string())
        .collect();
    app.rate_limiter.forget(&keys).await?;
    for address in addresses {
        let failures = LimitKey::LoginFailures(address).to_string();
        app.failure_delays.forget(&failures).await?;
    }
    Ok(())
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
