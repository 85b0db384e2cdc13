//! Tokens that are sent to an e-mail address, and the six-digit codes beside them: made, found
//! again, and what each is for. docs/accounts.md says how they are used.

mod find;
mod request;

pub(crate) use find::{Found, count_code, find};
pub(crate) use request::request_soon;

use api::digest::sha256_hex;
use api::rate_limit::StrictLimit;
use api::{ApiError, Client, Context, random};
use domain::{AccountCode, Email};

use crate::state::Auth;

/// Seconds that a code is good for (ASVS 6.5.5).
const CODE_LIFETIME: u64 = 600;

/// What a token is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// That an account's address is its owner's.
    Verification,
    /// A new password for who has lost his.
    PasswordReset,
    /// Another address of an account.
    EmailChange,
    /// To keep an account that is to be erased.
    DeletionCancel,
}

impl Purpose {
    /// Its name in the database.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Verification => "verification",
            Self::PasswordReset => "password_reset",
            Self::EmailChange => "email_change",
            Self::DeletionCancel => "deletion_cancel",
        }
    }
}

/// A token that nobody has yet, and what is kept of it.
pub(crate) struct NewToken {
    /// The token: 256 random bits in hex digits.
    pub(crate) token: String,
    /// Its SHA-256 in hex digits.
    pub(crate) token_hash: String,
    /// The code beside it.
    pub(crate) code: AccountCode,
    /// The hash of the code in hex digits.
    pub(crate) code_hash: String,
}

impl Auth {
    /// A new token for `purpose`, to be sent to `email`.
    pub(crate) fn new_token(&self, purpose: Purpose, email: &str) -> NewToken {
        let token = random::hex::<32>();
        let code = AccountCode::of_chance(u64::from_be_bytes(random::bytes()));
        NewToken {
            token_hash: sha256_hex(&token),
            code_hash: self.code_hash(purpose, email, &code),
            token,
            code,
        }
    }

    /// What is kept of a code. There are so few that whoever reads the database could try them all,
    /// if the hash were not by a key that is not in it.
    fn code_hash(&self, purpose: Purpose, email: &str, code: &AccountCode) -> String {
        let text = format!("{} {email} {}", purpose.as_str(), code.expose_secret());
        sha256_hex(&self.keyring.sign("account_code", &text))
    }

    /// Seconds that a token for `purpose` is good for.
    pub(crate) fn token_lifetime(&self, purpose: Purpose) -> u64 {
        match purpose {
            Purpose::PasswordReset => self.reset_token_lifetime.into(),
            Purpose::Verification | Purpose::EmailChange => self.verification_token_lifetime.into(),
            Purpose::DeletionCancel => u64::from(self.deletion_grace_days) * 86_400,
        }
    }
}

/// What the limits of recovery call an attempt.
const ATTEMPTS: &str = "account recovery attempts";

/// Counts a request for a message, or a use of what is in one, for the address that it comes from.
///
/// # Errors
/// [`ApiError::RateLimited`] if it is one too many.
pub(crate) async fn count_for_client(
    app: &Auth,
    context: &Context,
    client: &Client,
) -> Result<(), ApiError> {
    let limit = StrictLimit {
        name: "recovery_address",
        limit: app.rate_limits.recovery_address,
        attempts: ATTEMPTS,
    };
    limit.count(app, context, &client.rate_key()).await
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
    let limit = StrictLimit {
        name: "recovery",
        limit: app.rate_limits.recovery,
        attempts: ATTEMPTS,
    };
    let subject = format!(
        "{}:{}",
        purpose.as_str(),
        api::rate_limit::subject_of(email.as_str())
    );
    limit.count(app, context, &subject).await
}
