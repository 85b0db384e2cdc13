//! Plain hashes: of what nobody can guess, and of what shall not be read where it is only compared.

use sha2::{Digest, Sha256};

use crate::random::to_hex;

/// The SHA-256 of `text` in hex digits.
pub fn sha256_hex(text: &str) -> String {
    to_hex(&Sha256::digest(text))
}
