//! The token that somebody has brought back, by itself or by its code.

use api::digest::sha256_hex;
use api::rate_limit::{self, LimitKey};
use api::{ApiError, Context};
use domain::{AccountProof, AccountTokenId, UserId};

use super::Purpose;
use crate::hashing::personal;
use crate::state::Auth;

/// Wrong codes that are compared with one that was sent.
const MOST_WRONG_CODES: u64 = 5;

/// A token that is good, as long as nobody else uses it first.
pub(crate) struct Found {
    /// Which one.
    pub(crate) id: AccountTokenId,
    /// Whose.
    pub(crate) user: UserId,
    /// What his password must not resemble.
    pub(crate) personal: Vec<String>,
}

/// Counts a code that is tried, for the address that it should be of. Together with the wrong codes
/// that each one allows, that bounds who guesses (NIST SP 800-63B-4, section 3.2.2).
///
/// # Errors
/// [`ApiError::RateLimited`] if it is one too many.
pub(crate) async fn count_code(
    app: &Auth,
    context: &Context,
    proof: &AccountProof,
) -> Result<(), ApiError> {
    let AccountProof::Code { email, .. } = proof else {
        return Ok(());
    };
    rate_limit::count(app, context, LimitKey::RecoveryCode(email.as_str())).await
}

/// The token for `purpose` that `proof` is of. A wrong code counts, and too many spoil it.
///
/// # Errors
/// [`ApiError::Database`].
pub(crate) async fn find(
    app: &Auth,
    proof: &AccountProof,
    purpose: Purpose,
) -> Result<Option<Found>, ApiError> {
    let statement = match proof {
        AccountProof::Token(token) => app
            .database
            .statement(include_str!("find_token.sql"))
            .bind(sha256_hex(token.expose_secret()))
            .bind(purpose.as_str()),
        AccountProof::Code { email, code } => app
            .database
            .statement(include_str!("try_code.sql"))
            .bind(app.code_hash(purpose, email.as_str(), code))
            .bind(purpose.as_str())
            .bind(email.as_str())
            .bind(MOST_WRONG_CODES),
    };
    let Some(row) = statement.optional().await? else {
        return Ok(None);
    };
    Ok(Some(Found {
        id: row.get("id")?,
        user: row.get("user_id")?,
        personal: personal(&row)?,
    }))
}
