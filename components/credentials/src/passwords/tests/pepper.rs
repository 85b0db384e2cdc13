//! Peppers: known answers, made with the argon2 and hmac crates, and how one follows another.

use argon2::Argon2;
use base64ct::{Base64Unpadded, Encoding};
use hmac::{Hmac, Mac};
use sha2::Sha256;

use super::{CHEAP, Hasher, PASSWORD, PasswordError, SALT, Verdict, assert_unsupported};
use crate::bindings::passwords::Pepper;

const SECRET: &str = "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQ";
const OTHER_SECRET: &str = "another secret, of 32 characters";

fn pepper(id: &str, secret: &str) -> Pepper {
    Pepper {
        id: id.to_owned(),
        secret: secret.to_owned(),
    }
}

/// New hashes are of the first.
fn hasher(peppers: &[(&str, &str)]) -> Hasher {
    let mut peppers = peppers.iter().map(|(id, secret)| pepper(id, secret));
    Hasher::new(CHEAP, peppers.next(), peppers.collect()).unwrap()
}

fn verify(hasher: &Hasher, password: &str, stored: &str) -> Result<Verdict, PasswordError> {
    hasher.verify_password(password, Some(stored), SALT)
}

#[track_caller]
fn renewed(hasher: &Hasher, stored: &str) -> String {
    match verify(hasher, PASSWORD, stored) {
        Ok(Verdict::Outdated(new)) => new,
        other => panic!("{stored}: {other:?}"),
    }
}

#[test]
fn a_hash_is_argon2_of_the_hmac_and_names_its_pepper() {
    let stored = hasher(&[("2026a", SECRET)])
        .hash_password(PASSWORD, SALT)
        .unwrap();

    let mut hmac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    hmac.update(PASSWORD.as_bytes());
    let parameters = argon2::Params::new(8, 1, 1, Some(32)).unwrap();
    let argon2 = Argon2::new(
        argon2::Algorithm::Argon2id,
        argon2::Version::V0x13,
        parameters,
    );
    let mut output = [0; 32];
    argon2
        .hash_password_into(&hmac.finalize().into_bytes(), SALT, &mut output)
        .unwrap();
    assert_eq!(
        stored,
        format!(
            "$argon2id$v=19$m=8,t=1,p=1,keyid=MjAyNmE$MDEyMzQ1Njc4OWFiY2RlZg${}",
            Base64Unpadded::encode_string(&output)
        )
    );
}

#[test]
fn a_hash_is_verified_with_its_own_pepper_only() {
    let mine = hasher(&[("a", SECRET)]);
    let stored = mine.hash_password(PASSWORD, SALT).unwrap();
    assert_eq!(verify(&mine, PASSWORD, &stored), Ok(Verdict::Current));
    assert_eq!(
        verify(&mine, "correct hors", &stored),
        Ok(Verdict::Mismatch)
    );

    let forged = hasher(&[("a", OTHER_SECRET)]);
    assert_eq!(verify(&forged, PASSWORD, &stored), Ok(Verdict::Mismatch));
    // Without what names it, it is no hash of the password either.
    let bare = stored.replace(",keyid=YQ", "");
    assert_eq!(verify(&mine, PASSWORD, &bare), Ok(Verdict::Mismatch));
}

#[test]
fn a_pepper_that_is_not_there_is_named() {
    let stored = hasher(&[("a", SECRET)])
        .hash_password(PASSWORD, SALT)
        .unwrap();
    for without in [hasher(&[]), hasher(&[("b", SECRET)])] {
        let unknown = Err(PasswordError::UnknownPepper("a".to_owned()));
        assert_eq!(verify(&without, PASSWORD, &stored), unknown);
    }
}

#[test]
fn a_hash_of_an_older_pepper_or_of_none_is_made_anew() {
    let before = hasher(&[]);
    let first = hasher(&[("a", SECRET)]);
    let second = hasher(&[("b", OTHER_SECRET), ("a", SECRET)]);

    let plain = before.hash_password(PASSWORD, SALT).unwrap();
    let old = renewed(&first, &plain);
    assert_eq!(verify(&first, PASSWORD, &old), Ok(Verdict::Current));

    for stored in [&plain, &old] {
        let new = renewed(&second, stored);
        assert!(new.contains(",keyid=Yg$"), "{new}");
        assert_eq!(verify(&second, PASSWORD, &new), Ok(Verdict::Current));
        assert_eq!(
            verify(&second, "correct hors", stored),
            Ok(Verdict::Mismatch)
        );
    }
    // With the old one first again, that is the one to have.
    let back = hasher(&[("a", SECRET), ("b", OTHER_SECRET)]);
    assert_eq!(verify(&back, PASSWORD, &old), Ok(Verdict::Current));
}

#[test]
fn a_pepper_that_is_not_active_is_for_the_hashes_that_there_are() {
    let stored = hasher(&[("a", SECRET)])
        .hash_password(PASSWORD, SALT)
        .unwrap();
    let waiting = Hasher::new(CHEAP, None, vec![pepper("a", SECRET)]).unwrap();
    let new = renewed(&waiting, &stored);
    assert!(!new.contains("keyid"), "{new}");
    assert_eq!(verify(&waiting, PASSWORD, &new), Ok(Verdict::Current));
}

#[test]
fn a_hash_of_django_is_made_anew_with_the_pepper() {
    let new = renewed(
        &hasher(&[("a", SECRET)]),
        "pbkdf2_sha256$1000$3vXo1kq0P9dYsT7bZ2LmNa$VncWT1gi69e8gCqLZKBnC9TzE+thehGTpQ1TFm2tDLw=",
    );
    assert!(new.contains(",keyid=YQ$"), "{new}");
}

#[test]
fn the_forms_of_a_password_are_one_with_a_pepper_too() {
    let hasher = hasher(&[("a", SECRET)]);
    let stored = hasher
        .hash_password("A\u{30a}ngstro\u{308}m", SALT)
        .unwrap();
    for password in ["\u{212b}ngstr\u{f6}m", "\u{c5}ngstr\u{f6}m"] {
        assert_eq!(verify(&hasher, password, &stored), Ok(Verdict::Current));
    }
}

#[test]
fn a_keyid_that_is_no_text_is_refused() {
    for key_id in ["A", "YQ==", "/w", "-"] {
        assert_unsupported(&format!(
            "$argon2id$v=19$m=64,t=2,p=1,keyid={key_id}$MDEyMzQ1Njc4OWFiY2RlZg$dPtrHTEawLtMiR9+/XloAkXZ+EtyrY+bvmHIbiufhk0"
        ));
    }
    // Django writes none.
    assert_unsupported(
        "argon2$argon2id$v=19$m=64,t=2,p=1,keyid=YQ$MDEyMzQ1Njc4OWFiY2RlZg$dPtrHTEawLtMiR9+/XloAkXZ+EtyrY+bvmHIbiufhk0",
    );
}

#[test]
fn the_active_pepper_is_one_of_all() {
    let twice = Hasher::new(CHEAP, Some(pepper("a", SECRET)), vec![pepper("a", SECRET)]);
    assert!(matches!(twice, Err(PasswordError::InvalidParameters(_))));
}

#[test]
fn peppers_that_are_none_are_refused_without_their_secrets() {
    let many: Vec<_> = (0..17).map(|id| pepper(&id.to_string(), SECRET)).collect();
    for peppers in [
        vec![pepper("", SECRET)],
        vec![pepper("nine long", SECRET)],
        vec![pepper("a", &SECRET[1..])],
        vec![pepper("a", SECRET), pepper("a", OTHER_SECRET)],
        many,
    ] {
        match Hasher::new(CHEAP, None, peppers) {
            Err(PasswordError::InvalidParameters(text)) => {
                assert!(!text.contains(&SECRET[1..]), "{text}");
            }
            Err(other) => panic!("{other:?}"),
            Ok(_) => panic!("they are accepted"),
        }
    }
}
