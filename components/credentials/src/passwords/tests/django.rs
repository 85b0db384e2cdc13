//! Hashes that Django made.

use super::{
    CHEAP, PASSWORD, SALT, Verdict, assert_mismatch, assert_outdated, assert_unsupported, hash,
    verify,
};

const PBKDF2: &str =
    "pbkdf2_sha256$1000$3vXo1kq0P9dYsT7bZ2LmNa$VncWT1gi69e8gCqLZKBnC9TzE+thehGTpQ1TFm2tDLw=";
const BCRYPT: &str = "bcrypt_sha256$$2b$04$abcdefghijklmnopqrstuuIvyWZlBcE3WoQXKqRnwrLYJ6nenE0Bq";
const ARGON2: &str = "argon2$argon2id$v=19$m=64,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$dPtrHTEawLtMiR9+/XloAkXZ+EtyrY+bvmHIbiufhk0";

#[test]
fn every_kind_is_verified_and_made_anew() {
    for stored in [PBKDF2, BCRYPT, ARGON2] {
        let new = assert_outdated(PASSWORD, stored);
        assert_eq!(new, hash(PASSWORD, SALT, CHEAP).unwrap());
        for wrong in ["", "Correct horse", "correct  horse", "correct hors"] {
            assert_mismatch(wrong, stored);
        }
    }
}

#[test]
fn the_versions_of_bcrypt_agree_on_hexadecimal_digits() {
    for version in ["2a", "2y"] {
        assert_outdated(PASSWORD, &BCRYPT.replace("2b", version));
    }
}

#[test]
fn the_costs_of_djangos_own_settings_are_granted() {
    for stored in [
        "pbkdf2_sha256$600000$3vXo1kq0P9dYsT7bZ2LmNa$AlwjMtOGtJsmZHVVhcdGenSYnrTWD9OUree611ZdqB8=",
        "bcrypt_sha256$$2b$12$abcdefghijklmnopqrstuurByPinJWI/V/0c5apkEb2KJQv7f.gZO",
        "argon2$argon2id$v=19$m=102400,t=2,p=8$MDEyMzQ1Njc4OWFiY2RlZg$RQ5IIheGLtCcnNoamqZ7XPR3fO/tSONcc+NXlOKB2wQ",
    ] {
        assert_outdated(PASSWORD, stored);
    }
}

#[test]
fn white_space_around_is_taken_off_once_and_the_rest_is_hashed_anew() {
    for stored in [PBKDF2, BCRYPT, ARGON2] {
        // What Python's str.strip() takes off.
        for typed in [
            " correct horse\n",
            "\u{a0}\u{3000}correct horse",
            "correct horse\u{1c}\u{85}",
        ] {
            let new = assert_outdated(typed, stored);
            assert_eq!(
                verify(PASSWORD, Some(&new), SALT, CHEAP),
                Ok(Verdict::Current)
            );
        }
        // Neither white space nor separators.
        for typed in [
            "\u{200b}correct horse",
            "correct horse\u{feff}",
            "\0correct horse",
        ] {
            assert_mismatch(typed, stored);
        }
    }
}

#[test]
fn a_hash_of_the_untrimmed_password_matches_as_typed() {
    // Made of " correct horse".
    let stored =
        "pbkdf2_sha256$1000$3vXo1kq0P9dYsT7bZ2LmNa$OFFnVaNc6WDeO2Q9oQcwFaZVWBDt1fnsSsxeSkQAKHA=";
    let new = assert_outdated(" correct horse", stored);
    assert_eq!(new, hash(" correct horse", SALT, CHEAP).unwrap());
    assert_mismatch(PASSWORD, stored);
}

#[test]
fn the_bytes_are_compared_as_typed_and_not_normalised() {
    // Made of U+212B ANGSTROM SIGN and what follows; NFKC makes U+00C5 of it.
    let stored =
        "pbkdf2_sha256$1000$3vXo1kq0P9dYsT7bZ2LmNa$+rqV+Y8sbQUiizg4LaA8rZgTUJtuNOBlWyAratiMqKo=";
    assert_mismatch("\u{c5}ngstr\u{f6}m", stored);
    let new = assert_outdated("\u{212b}ngstr\u{f6}m", stored);
    // From then on the forms are one.
    assert_eq!(
        verify("\u{c5}ngstr\u{f6}m", Some(&new), SALT, CHEAP),
        Ok(Verdict::Current)
    );
}

#[test]
fn pbkdf2_that_is_malformed_or_costs_too_much_is_refused() {
    let (_, hash) = PBKDF2.rsplit_once('$').unwrap();
    for iterations in [
        "0",
        "2000001",
        "4294967296",
        "-1",
        "+1000",
        "1e3",
        " 1000",
        "",
    ] {
        assert_unsupported(&format!("pbkdf2_sha256${iterations}$salt${hash}"));
    }
    for stored in [
        "pbkdf2_sha256",
        "pbkdf2_sha256$",
        "pbkdf2_sha256$1000$salt",
        "pbkdf2_sha256$1000$salt$",
        "pbkdf2_sha256$1000$salt$not base64",
        // 31 bytes.
        "pbkdf2_sha256$1000$salt$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==",
    ] {
        assert_unsupported(stored);
    }
    assert_unsupported(&format!("pbkdf2_sha256$1000$${hash}"));
    assert_unsupported(&format!("{PBKDF2}$"));
    assert_unsupported(PBKDF2.trim_end_matches('='));
    assert_unsupported(&PBKDF2.replace("sha256", "sha1"));
}

#[test]
fn bcrypt_that_is_malformed_or_costs_too_much_is_refused() {
    for cost in ["03", "15", "31", "99", "+5", "", "x"] {
        assert_unsupported(&BCRYPT.replace("$04$", &format!("${cost}$")));
    }
    for version in ["$2$", "$2x$", "$3b$", ""] {
        assert_unsupported(&BCRYPT.replace("$2b$", version));
    }
    assert_unsupported(&BCRYPT[..BCRYPT.len() - 1]);
    assert_unsupported(&format!("{BCRYPT}."));
    assert_unsupported("bcrypt_sha256$$2b$04$");
    assert_unsupported(
        "bcrypt_sha256$$2b$04$abcdefghijklmnopqrstu\u{e9}IvyWZlBcE3WoQXKqRnwrLYJ6nenE0Bq",
    );
}
