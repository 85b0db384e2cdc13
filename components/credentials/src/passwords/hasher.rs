//! How new hashes are made, and old ones verified.

use super::argon2_hash::Argon2Hash;
use super::cost;
use super::pepper::{Peppers, peppered};
use super::stored::StoredHash;
use crate::bindings::passwords::{Argon2Parameters, PasswordError, Pepper, Verdict};

/// The cost of new hashes, and the peppers. `Debug` is left out on purpose.
pub(crate) struct Hasher {
    cost: Argon2Parameters,
    peppers: Peppers,
}

impl Hasher {
    /// New hashes are of `cost` and of the pepper `active`; those of `others` are verified.
    ///
    /// # Errors
    /// [`PasswordError::InvalidParameters`] if one of them is refused.
    pub(crate) fn new(
        cost: Argon2Parameters,
        active: Option<Pepper>,
        others: Vec<Pepper>,
    ) -> Result<Self, PasswordError> {
        cost::argon2_parameters(cost, Argon2Hash::OUTPUT_LENGTH)
            .map_err(PasswordError::InvalidParameters)?;
        let peppers = Peppers::new(active, others).map_err(PasswordError::InvalidParameters)?;
        Ok(Self { cost, peppers })
    }

    /// Hashes `password`, normalised to NFKC, with argon2id; gives a PHC string.
    ///
    /// # Errors
    /// [`PasswordError::InvalidParameters`] if `salt` is not of 16 bytes.
    pub(crate) fn hash_password(
        &self,
        password: &str,
        salt: &[u8],
    ) -> Result<String, PasswordError> {
        let pepper = self.peppers.active();
        let key_id = pepper.map(|pepper| pepper.id.clone());
        Argon2Hash::of(&peppered(password, pepper), key_id, salt, self.cost)
            .map(|hash| hash.to_string())
    }

    /// Compares `password` with the hash `stored`; without one, does the work of a hash.
    ///
    /// # Errors
    /// As [`Self::hash_password`]; [`PasswordError::UnsupportedHash`] if `stored` can't be computed
    /// here, [`PasswordError::UnknownPepper`] if its pepper is not there.
    pub(crate) fn verify_password(
        &self,
        password: &str,
        stored: Option<&str>,
        salt: &[u8],
    ) -> Result<Verdict, PasswordError> {
        let Some(stored) = stored else {
            self.hash_password(password, salt)?;
            return Ok(Verdict::Mismatch);
        };
        let stored = StoredHash::parse(stored)?;
        let Some(matched) = stored.matching_form(password, &self.peppers)? else {
            return Ok(Verdict::Mismatch);
        };
        let key_id = self.peppers.active().map(|pepper| pepper.id.as_str());
        if stored.is_as_new(self.cost, key_id) {
            return Ok(Verdict::Current);
        }
        self.hash_password(matched, salt).map(Verdict::Outdated)
    }
}
