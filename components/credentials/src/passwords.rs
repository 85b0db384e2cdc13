//! Hashing, verifying and judging passwords.

mod argon2_block;
mod argon2_fill;
mod argon2_hash;
mod breach;
mod common;
mod cost;
mod django;
mod hasher;
mod pepper;
mod policy;
mod stored;
#[cfg(test)]
mod tests;

use unicode_normalization::UnicodeNormalization;

use crate::bindings::passwords::PasswordError;

pub(crate) use self::breach::digest_for_breaches;
pub(crate) use self::hasher::Hasher;
pub(crate) use self::policy::check_policy;

/// The form that is hashed and judged (NIST SP 800-63B-4, section 3.1.1.2).
fn normalised(password: &str) -> String {
    password.nfkc().collect()
}

/// The error for a stored hash; `reason` holds no part of it.
fn unsupported(reason: impl Into<String>) -> PasswordError {
    PasswordError::UnsupportedHash(reason.into())
}
