//! A stored hash of any kind that is known, and the form of the password that it is compared with.

use super::argon2_hash::Argon2Hash;
use super::django::{BcryptSha256, Pbkdf2Sha256};
use super::pepper::{Peppers, peppered};
use super::unsupported;
use crate::bindings::passwords::{Argon2Parameters, PasswordError};

/// A hash as it stands in the database.
pub(super) enum StoredHash {
    /// Ours: argon2 of the password in NFKC, with a pepper if it states one.
    Phc(Argon2Hash),
    /// Django's `argon2$`, followed by a PHC string.
    DjangoArgon2(Argon2Hash),
    /// Django's `pbkdf2_sha256$`.
    DjangoPbkdf2(Pbkdf2Sha256),
    /// Django's `bcrypt_sha256$`.
    DjangoBcrypt(BcryptSha256),
}

impl StoredHash {
    /// Tells the kind by the beginning of `text` and reads it.
    ///
    /// # Errors
    /// [`PasswordError::UnsupportedHash`] if no kind fits, it is malformed or too costly.
    pub(super) fn parse(text: &str) -> Result<Self, PasswordError> {
        if text.starts_with("$argon2") {
            return Argon2Hash::parse(text).map(Self::Phc);
        }
        match text.split_once('$') {
            // What follows keeps its own `$`.
            Some(("argon2", phc)) => match Argon2Hash::parse(&format!("${phc}"))? {
                hash if hash.key_id().is_none() => Ok(Self::DjangoArgon2(hash)),
                _ => Err(unsupported("argon2: a keyid, which Django does not write")),
            },
            Some(("pbkdf2_sha256", rest)) => Pbkdf2Sha256::parse(rest).map(Self::DjangoPbkdf2),
            Some(("bcrypt_sha256", rest)) => BcryptSha256::parse(rest).map(Self::DjangoBcrypt),
            _ => Err(unsupported("of an unknown kind")),
        }
    }

    /// The form of `password` that this is the hash of: as typed, or trimmed; none if neither.
    ///
    /// # Errors
    /// As [`Argon2Hash::matches`] and [`Peppers::of_hash`].
    pub(super) fn matching_form<'a>(
        &self,
        password: &'a str,
        peppers: &Peppers,
    ) -> Result<Option<&'a str>, PasswordError> {
        if let Self::Phc(hash) = self {
            let pepper = peppers.of_hash(hash.key_id())?;
            let matches = hash.matches(&peppered(password, pepper))?;
            return Ok(matches.then_some(password));
        }
        // Django hashed the bytes that came, after its serializer had trimmed the text.
        let trimmed = trimmed_as_by_python(password);
        if self.matches_bytes(password)? {
            return Ok(Some(password));
        }
        if trimmed != password && self.matches_bytes(trimmed)? {
            return Ok(Some(trimmed));
        }
        Ok(None)
    }

    /// Whether a new hash with `parameters` and the pepper `key_id` would be of the same kind and cost.
    pub(super) fn is_as_new(&self, parameters: Argon2Parameters, key_id: Option<&str>) -> bool {
        matches!(self, Self::Phc(hash) if hash.is_as_new(parameters, key_id))
    }

    fn matches_bytes(&self, password: &str) -> Result<bool, PasswordError> {
        let password = password.as_bytes();
        match self {
            Self::Phc(hash) | Self::DjangoArgon2(hash) => hash.matches(password),
            Self::DjangoPbkdf2(hash) => Ok(hash.matches(password)),
            Self::DjangoBcrypt(hash) => Ok(hash.matches(password)),
        }
    }
}

/// `str.strip()` of Python: it takes four separators for white space that Unicode does not.
fn trimmed_as_by_python(text: &str) -> &str {
    text.trim_matches(|character: char| {
        character.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&character)
    })
}
