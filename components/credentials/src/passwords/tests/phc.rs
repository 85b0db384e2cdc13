//! argon2 and its PHC strings.

use super::{
    Argon2Parameters, CHEAP, PASSWORD, PasswordError, SALT, Verdict, assert_mismatch,
    assert_outdated, assert_unsupported, hash, verify,
};

const OWASP: Argon2Parameters = Argon2Parameters {
    memory_kib: 19_456,
    iterations: 2,
    parallelism: 1,
};

#[test]
fn a_new_hash_is_argon2id_as_the_reference_computes_it() {
    assert_eq!(
        hash(PASSWORD, SALT, OWASP).unwrap(),
        "$argon2id$v=19$m=19456,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$rk2Mi3E4dgRMg0fHaYaptWVZRKqs//6b6k3/nntqGJk"
    );
}

#[test]
fn memory_that_was_used_before_does_not_show() {
    let cheap = hash(PASSWORD, SALT, CHEAP).unwrap();
    let costly = hash(PASSWORD, SALT, OWASP).unwrap();
    assert_eq!(hash(PASSWORD, SALT, CHEAP).unwrap(), cheap);
    assert_eq!(hash(PASSWORD, SALT, OWASP).unwrap(), costly);
}

#[test]
fn every_kind_and_version_of_argon2_is_verified() {
    for stored in [
        "$argon2id$v=19$m=64,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$dPtrHTEawLtMiR9+/XloAkXZ+EtyrY+bvmHIbiufhk0",
        "$argon2id$v=16$m=64,t=2,p=2$MDEyMzQ1Njc4OWFiY2RlZg$lwUu8Gy5sc02ch0qrd5qZkOTngG4PpzpdPFAZmhDCos",
        "$argon2i$v=19$m=64,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$+ZM6qIHKWUY4ZEkMSTQpzAefvkLMgPC7fLokalwJpuI",
        "$argon2i$v=16$m=64,t=2,p=2$MDEyMzQ1Njc4OWFiY2RlZg$tGIxLiBuBRoNePzxgRL/rccpXV/9pZbAfObn5cPwCe8",
        // As before the version was written.
        "$argon2i$m=64,t=2,p=2$MDEyMzQ1Njc4OWFiY2RlZg$tGIxLiBuBRoNePzxgRL/rccpXV/9pZbAfObn5cPwCe8",
        "$argon2d$v=19$m=64,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$8lhcvhjSIY6fPoLaURksQi2UXOTKBgu3qS4cG5SkmjA",
        "$argon2d$v=16$m=64,t=2,p=2$MDEyMzQ1Njc4OWFiY2RlZg$wXYC3c9kVdoANr7uvSnCcMD5lIu4fpSRZ9vVqL9x0mo",
    ] {
        let new = assert_outdated(PASSWORD, stored);
        assert_eq!(new, hash(PASSWORD, SALT, CHEAP).unwrap());
        assert_mismatch("correct horse ", stored);
        assert_mismatch("", stored);
    }
}

#[test]
fn a_hash_of_another_cost_is_outdated() {
    for parameters in [
        Argon2Parameters {
            memory_kib: 9,
            ..CHEAP
        },
        Argon2Parameters {
            iterations: 2,
            ..CHEAP
        },
        Argon2Parameters {
            memory_kib: 16,
            parallelism: 2,
            ..CHEAP
        },
    ] {
        let stored = hash(PASSWORD, SALT, parameters).unwrap();
        assert_eq!(
            verify(PASSWORD, Some(&stored), SALT, parameters),
            Ok(Verdict::Current)
        );
        let new = assert_outdated(PASSWORD, &stored);
        assert_eq!(
            verify(PASSWORD, Some(&new), SALT, CHEAP),
            Ok(Verdict::Current)
        );
    }
}

#[test]
fn compatible_forms_of_a_password_are_one() {
    // Made of the composed letter; the first is U+212B ANGSTROM SIGN, the second is decomposed.
    let stored = "$argon2id$v=19$m=64,t=1,p=1$MDEyMzQ1Njc4OWFiY2RlZg$4hnWifAnQzQCU+bHPhF4RIulM7XVRp2XnhSLx73INfU";
    for password in [
        "\u{212b}ngstr\u{f6}m",
        "A\u{30a}ngstro\u{308}m",
        "\u{c5}ngstr\u{f6}m",
    ] {
        assert_outdated(password, stored);
    }
    assert_mismatch("angstrom", stored);
}

#[test]
fn our_own_hashes_are_never_of_a_trimmed_password() {
    let stored = hash(" correct horse\t", SALT, CHEAP).unwrap();
    assert_mismatch(PASSWORD, &stored);
    assert_mismatch(" correct horse\t", &hash(PASSWORD, SALT, CHEAP).unwrap());
}

#[test]
fn a_long_password_is_not_cut() {
    let long = "x".repeat(100_000);
    let stored = hash(&long, SALT, CHEAP).unwrap();
    assert_eq!(
        verify(&long, Some(&stored), SALT, CHEAP),
        Ok(Verdict::Current)
    );
    assert_mismatch(&long[1..], &stored);
}

#[test]
fn parameters_out_of_bounds_and_wrong_salts_are_refused() {
    for (memory_kib, iterations, parallelism) in [
        (0, 1, 1),
        (7, 1, 1),
        (8, 0, 1),
        (8, 1, 0),
        (15, 1, 2),
        (102_401, 1, 1),
        (8, 11, 1),
        (1_024, 1, 17),
        (102_400, 3, 1),
        (u32::MAX, u32::MAX, u32::MAX),
    ] {
        let parameters = Argon2Parameters {
            memory_kib,
            iterations,
            parallelism,
        };
        let refused = hash(PASSWORD, SALT, parameters);
        assert!(
            matches!(refused, Err(PasswordError::InvalidParameters(_))),
            "{parameters:?}: {refused:?}"
        );
    }
    for salt in [&b""[..], &SALT[1..], &[0; 17]] {
        let refused = hash(PASSWORD, salt, CHEAP);
        assert!(matches!(refused, Err(PasswordError::InvalidParameters(_))));
    }
}

#[test]
fn hashes_that_cost_too_much_are_refused_before_any_work() {
    for cost in [
        "m=4194304,t=1,p=1",
        "m=102401,t=1,p=1",
        "m=102400,t=3,p=1",
        "m=64,t=11,p=1",
        "m=64,t=4294967295,p=1",
        "m=1024,t=1,p=17",
        "m=64,t=1,p=9",
        "m=4294967295,t=4294967295,p=4294967295",
    ] {
        let rest = "MDEyMzQ1Njc4OWFiY2RlZg$dPtrHTEawLtMiR9+/XloAkXZ+EtyrY+bvmHIbiufhk0";
        assert_unsupported(&format!("$argon2id$v=19${cost}${rest}"));
        assert_unsupported(&format!("argon2$argon2id$v=19${cost}${rest}"));
    }
}

#[test]
fn malformed_hashes_are_refused() {
    for stored in [
        "",
        "$",
        "!unusable",
        "plain$$secret",
        "md5$abcdefgh$5f4dcc3b5aa765d61d8327deb882cf99",
        "bcrypt$$2b$12$abcdefghijklmnopqrstuurByPinJWI/V/0c5apkEb2KJQv7f.gZO",
        "$2b$12$abcdefghijklmnopqrstuurByPinJWI/V/0c5apkEb2KJQv7f.gZO",
        "$argon2",
        "$argon2id$v=19$m=64,t=2,p=1",
        "$argon2id$v=19$m=64,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg",
        "$argon2id$v=19$m=64,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$",
        "$argon2id$v=19$m=64,t=2,p=1$MDEyMzQ1Ng$dPtrHTEawLtMiR9+/XloAkXZ+EtyrY+bvmHIbiufhk0",
        "$argon2id$v=18$m=64,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$dPtrHTEawLtMiR9+/XloAkXZ+EtyrY+bvmHIbiufhk0",
        "$argon2x$v=19$m=64,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$dPtrHTEawLtMiR9+/XloAkXZ+EtyrY+bvmHIbiufhk0",
        "$argon2id$v=19$m=64,t=2$MDEyMzQ1Njc4OWFiY2RlZg$dPtrHTEawLtMiR9+/XloAkXZ+EtyrY+bvmHIbiufhk0",
        "$argon2id$v=19$m=64,t=2,p=x$MDEyMzQ1Njc4OWFiY2RlZg$dPtrHTEawLtMiR9+/XloAkXZ+EtyrY+bvmHIbiufhk0",
        "$argon2id$v=19$m=64,t=2,p=1,data=AAAA$MDEyMzQ1Njc4OWFiY2RlZg$dPtrHTEawLtMiR9+/XloAkXZ+EtyrY+bvmHIbiufhk0",
        "$argon2id$v=19$m=64,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg==$dPtrHTEawLtMiR9+/XloAkXZ+EtyrY+bvmHIbiufhk0",
        "argon2$argon2id",
        "argon2$",
        "argon2$$argon2id$v=19$m=64,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$dPtrHTEawLtMiR9+/XloAkXZ+EtyrY+bvmHIbiufhk0",
    ] {
        assert_unsupported(stored);
    }
}
