//! The digest by which lists of breached passwords are asked.

use sha1::{Digest, Sha1};

use super::normalised;
use crate::bindings::passwords::BreachDigest;

/// Digits that are told (k-anonymity): each of the 16^5 prefixes is that of a great many passwords.
const PREFIX_LENGTH: usize = 5;

/// SHA-1 of the normalised password: that is the one which is guessed, in whatever form it is typed.
pub(crate) fn digest_for_breaches(password: &str) -> BreachDigest {
    let digest = format!("{:X}", Sha1::digest(normalised(password)));
    let (prefix, suffix) = digest.split_at(PREFIX_LENGTH);
    BreachDigest {
        prefix: prefix.to_owned(),
        suffix: suffix.to_owned(),
    }
}
