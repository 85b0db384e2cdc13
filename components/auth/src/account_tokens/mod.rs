//! Tokens that are sent to an e-mail address, and the six-digit codes beside them: how long they are
//! good, how often they are asked for, and how they are found again. docs/accounts.md says how they are
//! used.

mod find;
mod redeem;
mod request;

pub(crate) use find::{Found, count_code, find};
pub(crate) use redeem::redeem;
pub(crate) use request::request_soon;

pub(crate) use api::account_token::{CODE_LIFETIME, Purpose};

use api::rate_limit::{self, LimitKey};
use api::{ApiError, Client, Context};
use domain::Email;

use crate::state::Auth;

impl Auth {
    /// Seconds that a token for `purpose` is good for.
    pub(crate) fn token_lifetime(&self, purpose: Purpose) -> u64 {
        match purpose {
            Purpose::PasswordReset => self.reset_token_lifetime.into(),
            Purpose::Verification | Purpose::EmailChange => self.verification_token_lifetime.into(),
            Purpose::DeletionCancel => u64::from(self.deletion_grace_days) * 86_400,
        }
    }
}

/// Counts a request for a message, or a use of what is in one, for the address that it comes from.
///
/// # Errors
/// [`ApiError::RateLimited`] if it is one too many.
pub(crate) async fn count_for_client(
    app: &Auth,
    context: &Context,
    client: &Client,
) -> Result<(), ApiError> {
    let key = client.rate_key();
    rate_limit::count(app, context, LimitKey::RecoveryAddress(&key)).await
}

/// Counts a message to `email`, whether or not it is anybody's.
///
/// # Errors
/// [`ApiError::RateLimited`] if it is one too many.
pub(crate) async fn count_message(
    app: &Auth,
    context: &Context,
    purpose: Purpose,
    email: &Email,
) -> Result<(), ApiError> {
    rate_limit::count(app, context, LimitKey::Recovery(purpose, email.as_str())).await
}
