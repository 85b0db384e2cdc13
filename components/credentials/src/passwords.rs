//! Hashing, verifying and judging passwords.

mod argon2_block;
mod argon2_fill;
mod argon2_hash;
mod breach;
mod common;
mod cost;
mod django;
mod policy;
mod stored;
#[cfg(test)]
mod tests;

use unicode_normalization::UnicodeNormalization;

use self::argon2_hash::Argon2Hash;
use self::stored::StoredHash;
use crate::bindings::passwords::{Argon2Parameters, PasswordError, Verdict};

pub(crate) use self::breach::digest_for_breaches;
pub(crate) use self::policy::check_policy;

/// Hashes `password`, normalised to NFKC, with argon2id; gives a PHC string.
///
/// # Errors
/// [`PasswordError::InvalidParameters`] if `salt` is not of 16 bytes or `parameters` are refused.
pub(crate) fn hash(
    password: &str,
    salt: &[u8],
    parameters: Argon2Parameters,
) -> Result<String, PasswordError> {
    Argon2Hash::of(normalised(password).as_bytes(), salt, parameters).map(|hash| hash.to_string())
}

/// Compares `password` with the hash `stored`; without one, does the work of a hash.
///
/// # Errors
/// As [`hash`], and [`PasswordError::UnsupportedHash`] if `stored` can't be computed here.
pub(crate) fn verify(
    password: &str,
    stored: Option<&str>,
    salt: &[u8],
    parameters: Argon2Parameters,
) -> Result<Verdict, PasswordError> {
    let Some(stored) = stored else {
        hash(password, salt, parameters)?;
        return Ok(Verdict::Mismatch);
    };
    let stored = StoredHash::parse(stored)?;
    let Some(matched) = stored.matching_form(password)? else {
        return Ok(Verdict::Mismatch);
    };
    if stored.is_as_new(parameters) {
        return Ok(Verdict::Current);
    }
    hash(matched, salt, parameters).map(Verdict::Outdated)
}

/// The form that is hashed and judged (NIST SP 800-63B-4, section 3.1.1.2).
fn normalised(password: &str) -> String {
    password.nfkc().collect()
}

/// The error for a stored hash; `reason` holds no part of it.
fn unsupported(reason: impl Into<String>) -> PasswordError {
    PasswordError::UnsupportedHash(reason.into())
}
