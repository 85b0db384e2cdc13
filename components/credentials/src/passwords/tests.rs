//! Known answers, made with argon2-cffi, bcrypt and hashlib of Python; and properties.

mod argon2;
mod breach;
mod django;
mod fuzz;
mod pepper;
mod phc;
mod policy;

use proptest::prelude::*;

use super::Hasher;
use crate::bindings::passwords::{Argon2Parameters, PasswordError, Verdict};

const PASSWORD: &str = "correct horse";
const SALT: &[u8] = b"0123456789abcdef";
/// As cheap as argon2 gets.
const CHEAP: Argon2Parameters = Argon2Parameters {
    memory_kib: 8,
    iterations: 1,
    parallelism: 1,
};

/// Hashes without a pepper.
fn hash(password: &str, salt: &[u8], cost: Argon2Parameters) -> Result<String, PasswordError> {
    Hasher::new(cost, None, Vec::new())?.hash_password(password, salt)
}

/// Verifies without peppers.
fn verify(
    password: &str,
    stored: Option<&str>,
    salt: &[u8],
    cost: Argon2Parameters,
) -> Result<Verdict, PasswordError> {
    Hasher::new(cost, None, Vec::new())?.verify_password(password, stored, salt)
}

/// `stored` is the hash of `password`, of another kind than new ones; gives the new one.
#[track_caller]
fn assert_outdated(password: &str, stored: &str) -> String {
    match verify(password, Some(stored), SALT, CHEAP) {
        Ok(Verdict::Outdated(new)) => new,
        other => panic!("{stored}: {other:?}"),
    }
}

#[track_caller]
fn assert_mismatch(password: &str, stored: &str) {
    assert_eq!(
        verify(password, Some(stored), SALT, CHEAP),
        Ok(Verdict::Mismatch),
        "{stored}"
    );
}

/// `stored` is refused with a text that says what kind it is and holds no part of it.
#[track_caller]
fn assert_unsupported(stored: &str) {
    match verify(PASSWORD, Some(stored), SALT, CHEAP) {
        Err(PasswordError::UnsupportedHash(text)) => {
            assert!(!text.is_empty());
            for part in stored.split(['$', ',']).filter(|part| part.len() > 15) {
                assert!(!text.contains(part), "{text}");
            }
        }
        other => panic!("{stored}: {other:?}"),
    }
}

#[test]
fn an_unknown_account_is_a_mismatch_whatever_the_password() {
    for password in ["", PASSWORD] {
        assert_eq!(verify(password, None, SALT, CHEAP), Ok(Verdict::Mismatch));
    }
}

#[test]
fn an_unknown_account_does_the_work_of_a_hash() {
    // A salt that argon2 refuses is used.
    assert!(matches!(
        verify(PASSWORD, None, &SALT[1..], CHEAP),
        Err(PasswordError::InvalidParameters(_))
    ));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_password_matches_its_own_hash_and_no_other(one: String, other: String) {
        let stored = hash(&one, SALT, CHEAP).unwrap();
        prop_assert_eq!(verify(&one, Some(&stored), SALT, CHEAP), Ok(Verdict::Current));
        let same = super::normalised(&one) == super::normalised(&other);
        let expected = if same { Verdict::Current } else { Verdict::Mismatch };
        prop_assert_eq!(verify(&other, Some(&stored), SALT, CHEAP), Ok(expected));
    }

    #[test]
    fn whatever_is_stored_verifying_ends_well(stored: String) {
        let _ = verify(PASSWORD, Some(&stored), SALT, CHEAP);
    }

    #[test]
    fn a_hash_with_one_byte_changed_is_no_match(
        stored in prop::sample::select(&[
            "$argon2id$v=19$m=64,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$dPtrHTEawLtMiR9+/XloAkXZ+EtyrY+bvmHIbiufhk0",
            "pbkdf2_sha256$10$3vXo1kq0P9dYsT7bZ2LmNa$GIzmA7K/okQfWZZbxiCL5F42/q+JXUdsa4MSFMMNaQ0=",
            "bcrypt_sha256$$2b$04$abcdefghijklmnopqrstuuIvyWZlBcE3WoQXKqRnwrLYJ6nenE0Bq",
        ][..]),
        position: prop::sample::Index,
        byte in 0x20_u8..0x7f,
    ) {
        let mut bytes = stored.as_bytes().to_vec();
        let start = bytes.iter().rposition(|&byte| byte == b'$').unwrap() + 1;
        let position = start + position.index(bytes.len() - start);
        prop_assume!(bytes[position] != byte);
        bytes[position] = byte;
        let changed = String::from_utf8(bytes).unwrap();
        let verdict = verify(PASSWORD, Some(&changed), SALT, CHEAP);
        prop_assert!(
            matches!(verdict, Ok(Verdict::Mismatch) | Err(PasswordError::UnsupportedHash(_))),
            "{:?}", verdict
        );
    }
}
