//! The password of an administrator: what is asked of it, and what is stored.

use anyhow::{Result, anyhow, bail};
use argon2::password_hash::{PasswordHasher, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use domain::Password;
use unicode_normalization::UnicodeNormalization;

/// What a password alone has to have (NIST SP 800-63B-4, section 3.1.1.2): more than users are asked
/// for, and so long that no list of common ones is needed.
const SHORTEST: usize = 15;

/// As everywhere in the service.
const LONGEST: usize = 128;

/// How it is asked for.
pub(super) const PROMPT: &str = "Password (15 characters at least): ";

/// `text`, if it may be an administrator's password.
pub(super) fn checked(text: String) -> Result<Password> {
    let length = text.nfkc().count();
    if !(SHORTEST..=LONGEST).contains(&length) {
        bail!(
            "an administrator's password has {SHORTEST} to {LONGEST} characters, this one has {length}. \
             Some words that have nothing to do with each other are a good one"
        );
    }
    if text.contains('\0') {
        bail!("a password has no null character");
    }
    Ok(Password::new(text))
}

/// What is stored of it: argon2id with the parameters that the service has by default. It stores a hash
/// with its own at the next login.
pub(super) fn hash(password: &Password) -> Result<String> {
    const MEMORY_KIB: u32 = 19_456;
    const ITERATIONS: u32 = 2;
    let refused = |error| anyhow!("can't hash the password: {error}");
    let mut salt = [0_u8; 16];
    getrandom::fill(&mut salt).map_err(|error| anyhow!("no random numbers: {error}"))?;
    let salt = SaltString::encode_b64(&salt).map_err(|error| refused(error.to_string()))?;
    let parameters = Params::new(MEMORY_KIB, ITERATIONS, 1, Some(32));
    let parameters = parameters.map_err(|error| refused(error.to_string()))?;
    let normalised: String = password.expose_secret().nfkc().collect();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, parameters)
        .hash_password(normalised.as_bytes(), &salt)
        .map(|hash| hash.to_string())
        .map_err(|error| refused(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_long_enough_and_not_too_long() {
        for text in ["correct horse 1", &"x".repeat(128)] {
            assert!(checked(text.to_owned()).is_ok(), "{text}");
        }
        for text in [
            "",
            "correct horse",
            &"x".repeat(129),
            "correct\0horse battery",
        ] {
            assert!(checked(text.to_owned()).is_err(), "{text}");
        }
    }

    #[test]
    fn a_hash_has_the_form_that_the_service_stores() {
        let password = checked("correct horse battery".to_owned()).unwrap();
        let first = hash(&password).unwrap();
        assert!(
            first.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{first}"
        );
        assert_ne!(
            first,
            hash(&password).unwrap(),
            "each has a salt of its own"
        );
    }
}
