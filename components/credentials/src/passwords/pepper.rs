//! Peppers: secrets that passwords are mixed with before they are hashed, and that are not where the
//! hashes are (NIST SP 800-63B-4, section 3.1.1.2; OWASP's Password Storage cheat sheet, "Peppering").

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use jwt_compact::alg::{Hs256, Hs256Key};
use jwt_compact::{Algorithm, AlgorithmSignature};

use super::normalised;
use crate::bindings::passwords::{PasswordError, Pepper};

/// Bytes of an id: as many as a `keyid` may have.
const ID_LENGTH: RangeInclusive<usize> = 1..=8;
/// Bytes that a secret has at least: as many as HMAC-SHA-256 answers (RFC 2104, section 3).
const MINIMUM_SECRET_LENGTH: usize = 32;
/// How many there may be: one a year for as long as anybody comes back.
const MOST: usize = 16;

/// The peppers. `Debug` is left out on purpose.
pub(super) struct Peppers {
    active: Option<Pepper>,
    others: Vec<Pepper>,
}

impl Peppers {
    /// `active` is for new hashes; the others are those of hashes that there are.
    ///
    /// # Errors
    /// Says what is wrong with them, and no secret.
    pub(super) fn new(active: Option<Pepper>, others: Vec<Pepper>) -> Result<Self, String> {
        let peppers = Self { active, others };
        let count = peppers.all().count();
        let ids: BTreeSet<&str> = peppers.all().map(|pepper| &*pepper.id).collect();
        if count > MOST {
            return Err(format!("peppers: more than {MOST}"));
        }
        if ids.len() < count {
            return Err("peppers: two have one id".to_owned());
        }
        if !ids.iter().all(|id| ID_LENGTH.contains(&id.len())) {
            return Err("peppers: an id is not of 1 to 8 bytes".to_owned());
        }
        let is_short = |pepper: &Pepper| pepper.secret.len() < MINIMUM_SECRET_LENGTH;
        if peppers.all().any(is_short) {
            let text = format!("peppers: a secret is shorter than {MINIMUM_SECRET_LENGTH} bytes");
            return Err(text);
        }
        Ok(peppers)
    }

    fn all(&self) -> impl Iterator<Item = &Pepper> {
        self.active.iter().chain(&self.others)
    }

    /// The one for new hashes.
    pub(super) fn active(&self) -> Option<&Pepper> {
        self.active.as_ref()
    }

    /// The one that a hash with `key_id` is of; none for a hash of none.
    ///
    /// # Errors
    /// [`PasswordError::UnknownPepper`] if it is not there.
    pub(super) fn of_hash(&self, key_id: Option<&str>) -> Result<Option<&Pepper>, PasswordError> {
        let Some(key_id) = key_id else {
            return Ok(None);
        };
        let known = self.all().find(|pepper| pepper.id == key_id);
        known
            .map(Some)
            .ok_or_else(|| PasswordError::UnknownPepper(key_id.to_owned()))
    }
}

/// What argon2 gets of `password`: its normal form or, with a pepper, HMAC-SHA-256 of that.
pub(super) fn peppered(password: &str, pepper: Option<&Pepper>) -> Vec<u8> {
    let password = normalised(password);
    let Some(pepper) = pepper else {
        return password.into_bytes();
    };
    // HS256 is HMAC-SHA256 (RFC 7518, section 3.2).
    let key = Hs256Key::new(pepper.secret.as_bytes());
    let hmac = Hs256.sign(&key, password.as_bytes());
    hmac.as_bytes().into_owned()
}
