//! Django's own hashes: `pbkdf2_sha256` and `bcrypt_sha256` (`django.contrib.auth.hashers`).

use base64ct::{Base64, Base64Bcrypt, Encoding};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::{cost, unsupported};
use crate::bindings::passwords::PasswordError;

/// `pbkdf2_sha256$<iterations>$<salt>$<hash>`: PBKDF2 with HMAC-SHA-256, the salt as ASCII text.
pub(super) struct Pbkdf2Sha256 {
    iterations: u32,
    salt: String,
    output: [u8; 32],
}

impl Pbkdf2Sha256 {
    /// Reads what follows `pbkdf2_sha256$`.
    ///
    /// # Errors
    /// [`PasswordError::UnsupportedHash`] if it is malformed or too costly.
    pub(super) fn parse(text: &str) -> Result<Self, PasswordError> {
        let malformed = || unsupported("pbkdf2_sha256: malformed");
        let mut parts = text.split('$');
        let (Some(iterations), Some(salt), Some(output), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(malformed());
        };
        let iterations = decimal(iterations).ok_or_else(malformed)?;
        if !(1..=cost::PBKDF2_ITERATIONS).contains(&iterations) {
            return Err(unsupported(format!(
                "pbkdf2_sha256: iterations are not between 1 and {}",
                cost::PBKDF2_ITERATIONS
            )));
        }
        if salt.is_empty() {
            return Err(malformed());
        }
        Ok(Self {
            iterations,
            salt: salt.to_owned(),
            output: decode::<Base64, 32>(output).ok_or_else(malformed)?,
        })
    }

    /// Whether it is the hash of `password`; the time does not tell where they differ.
    pub(super) fn matches(&self, password: &[u8]) -> bool {
        let mut output = [0; 32];
        pbkdf2::pbkdf2_hmac::<Sha256>(password, self.salt.as_bytes(), self.iterations, &mut output);
        output.ct_eq(&self.output).into()
    }
}

/// `bcrypt_sha256$$2b$12$<salt><hash>`: bcrypt of the password's SHA-256 in hexadecimal.
pub(super) struct BcryptSha256 {
    cost: u32,
    salt: [u8; 16],
    output: [u8; 23],
}

impl BcryptSha256 {
    /// Reads what follows `bcrypt_sha256$`.
    ///
    /// # Errors
    /// [`PasswordError::UnsupportedHash`] if it is malformed or too costly.
    pub(super) fn parse(text: &str) -> Result<Self, PasswordError> {
        let malformed = || unsupported("bcrypt_sha256: malformed");
        // 2a, 2b and 2y differ in how they treat what 64 hexadecimal digits are not.
        let rest = ["$2a$", "$2b$", "$2y$"]
            .into_iter()
            .find_map(|version| text.strip_prefix(version))
            .ok_or_else(malformed)?;
        let (cost, rest) = rest.split_once('$').ok_or_else(malformed)?;
        let cost = decimal(cost).ok_or_else(malformed)?;
        if !(4..=cost::BCRYPT_COST).contains(&cost) {
            return Err(unsupported(format!(
                "bcrypt_sha256: the cost is not between 4 and {}",
                cost::BCRYPT_COST
            )));
        }
        let (salt, output) = rest.split_at_checked(22).ok_or_else(malformed)?;
        Ok(Self {
            cost,
            salt: decode::<Base64Bcrypt, 16>(salt).ok_or_else(malformed)?,
            output: decode::<Base64Bcrypt, 23>(output).ok_or_else(malformed)?,
        })
    }

    /// Whether it is the hash of `password`; the time does not tell where they differ.
    pub(super) fn matches(&self, password: &[u8]) -> bool {
        // The terminating NUL is part of bcrypt's key.
        let key = format!("{:x}\0", Sha256::digest(password));
        let output = bcrypt::bcrypt(self.cost, self.salt, key.as_bytes());
        // bcrypt writes its last byte nowhere.
        output[..23].ct_eq(&self.output).into()
    }
}

/// A number without sign; `u32::from_str` takes a plus.
fn decimal(text: &str) -> Option<u32> {
    let is_digits = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| is_digits)
}

/// Exactly `LENGTH` bytes.
fn decode<Alphabet: Encoding, const LENGTH: usize>(text: &str) -> Option<[u8; LENGTH]> {
    Alphabet::decode_vec(text).ok()?.try_into().ok()
}
