//! Fuzz targets: hashes as an import leaves them. tests/fuzz/README.md says how to run them for longer.

use super::super::stored::StoredHash;

const REST: &str = "MDEyMzQ1Njc4OWFiY2RlZg$dPtrHTEawLtMiR9+/XloAkXZ+EtyrY+bvmHIbiufhk0";

#[test]
fn whatever_is_stored_it_is_read_or_refused() {
    const KINDS: [&str; 5] = [
        "",
        "$argon2id$v=19$m=64,t=2,p=1",
        "argon2$argon2id$",
        "pbkdf2_sha256$",
        "bcrypt_sha256$$2b$04$",
    ];
    bolero::check!()
        .with_type::<(u8, String)>()
        .for_each(|(kind, text)| {
            let stored = format!("{}{text}", KINDS[usize::from(*kind) % KINDS.len()]);
            // Nothing is computed here: what is read has been found to cost no more than it may.
            let _ = StoredHash::parse(&stored);
        });
}

#[test]
fn what_costs_more_than_it_may_is_never_read() {
    bolero::check!()
        .with_type::<[(u32, u8); 3]>()
        .for_each(|numbers| {
            // Of all sizes.
            let [memory, passes, lanes] = numbers.map(|(number, shift)| number >> (shift % 32));
            let argon2 = format!("$argon2id$v=19$m={memory},t={passes},p={lanes}${REST}");
            let may_be = (8 * u64::from(lanes)..=102_400).contains(&memory.into())
                && (1..=10).contains(&passes)
                && (1..=16).contains(&lanes)
                && u64::from(memory) * u64::from(passes) <= 262_144;
            assert_eq!(StoredHash::parse(&argon2).is_ok(), may_be, "{argon2}");

            let pbkdf2 =
                format!("pbkdf2_sha256${memory}$salt$VncWT1gi69e8gCqLZKBnC9TzE+thehGTpQ1TFm2tDLw=");
            let may_be = (1..=2_000_000).contains(&memory);
            assert_eq!(StoredHash::parse(&pbkdf2).is_ok(), may_be, "{pbkdf2}");
        });
}
