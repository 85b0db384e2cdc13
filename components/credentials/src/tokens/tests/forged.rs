//! Forged and mangled tokens (RFC 8725, section 2).

use proptest::prelude::*;
use serde_json::json;

use super::super::Keyring;
use super::{
    HEADER, Hs256, NOW, SECRET, TOKEN_ID, assert_refused, claims_with, encode, good_claims,
    keyring, sealed, settings, signed, subject, verify,
};
use crate::bindings::tokens::{Refusal, Settings, TokenType};
use jwt_compact::alg::{Hs256Key, Hs384, Hs384Key, Hs512, Hs512Key};
use jwt_compact::{Algorithm, AlgorithmSignature};

fn good_token() -> String {
    signed(HEADER, good_claims().to_string())
}

/// Encoded header and claims with this `alg`.
fn message(algorithm: &str) -> String {
    let header = json!({"alg": algorithm, "typ": "JWT"}).to_string();
    format!("{}.{}", encode(header), encode(good_claims().to_string()))
}

#[test]
fn a_token_without_signature_is_refused_whatever_its_algorithm() {
    for algorithm in ["none", "None", "nOnE", "NONE", "", "RS256"] {
        let message = message(algorithm);
        assert_refused(&format!("{message}."), Refusal::Malformed);
        assert_refused(&message, Refusal::Malformed);
    }
    let message = message("HS256");
    assert_refused(&format!("{message}."), Refusal::BadSignature);
    assert_refused(&message, Refusal::Malformed);
}

#[test]
fn the_algorithm_is_the_keys_and_never_the_tokens() {
    for algorithm in [
        "none", "hs256", "HS256 ", "HS384", "HS512", "RS256", "ES256", "EdDSA", "",
    ] {
        assert_refused(&sealed(&message(algorithm)), Refusal::Malformed);
    }
    let hs384 = Hs384.sign(&Hs384Key::new(SECRET), message("HS384").as_bytes());
    let hs512 = Hs512.sign(&Hs512Key::new(SECRET), message("HS512").as_bytes());
    for (algorithm, signature) in [("HS384", hs384.as_bytes()), ("HS512", hs512.as_bytes())] {
        let token = format!("{}.{}", message(algorithm), encode(signature));
        assert_refused(&token, Refusal::Malformed);
    }
}

#[test]
fn another_key_makes_a_bad_signature() {
    let other = Keyring::new(Settings {
        secret: SECRET.replace('a', "b"),
        ..settings()
    });
    let token = other
        .unwrap()
        .issue_pair(&subject(1), NOW, TOKEN_ID, NOW)
        .access;
    assert_refused(&token, Refusal::BadSignature);
    // Neither an empty key nor one that the token brings along.
    for key in ["", "attacker's own key, of 32 bytes and more"] {
        let jwk = json!({"kty": "oct", "k": encode(key)});
        let header = json!({
            "alg": "HS256", "typ": "JWT", "jwk": jwk, "jku": "https://example.com/jwks",
            "x5u": "https://example.com/x5u", "x5c": [encode(key)], "x5t": encode(key),
        });
        let message = format!(
            "{}.{}",
            encode(header.to_string()),
            encode(good_claims().to_string())
        );
        let signature = Hs256.sign(&Hs256Key::new(key), message.as_bytes());
        let token = format!("{message}.{}", encode(signature.as_bytes()));
        assert_refused(&token, Refusal::BadSignature);
        // Under our signature they are not looked at.
        assert!(verify(&sealed(&message)).is_ok());
    }
}

#[test]
fn a_key_id_that_is_none_of_ours_is_refused_whoever_has_signed() {
    for kid in [
        "../../../etc/passwd",
        "' or 1=1 --",
        "\0",
        "",
        "http://127.0.0.1/",
    ] {
        let header = json!({"alg": "HS256", "kid": kid}).to_string();
        let token = signed(header, good_claims().to_string());
        assert_refused(&token, Refusal::BadSignature);
    }
}

#[test]
fn headers_that_ask_for_more_are_malformed() {
    for header in [
        r#"{"alg":"HS256","crit":["exp"]}"#,
        r#"{"alg":"HS256","crit":[]}"#,
        r#"{"alg":"HS256","crit":null}"#,
        r#"{"alg":"HS256","b64":false,"crit":["b64"]}"#,
        r#"{"alg":"HS256","b64":false}"#,
        r#"{"alg":"HS256","b64":true}"#,
        r#"{"alg":"HS256","typ":"at+jwt"}"#,
        r#"{"alg":"HS256","typ":"JOSE"}"#,
        r#"{"alg":"HS256","typ":1}"#,
        r#"{"alg":"HS256","alg":"HS256"}"#,
        r#"{"alg":"none","alg":"HS256"}"#,
        r#"{"alg":["HS256"]}"#,
        r#"{"alg":null}"#,
        r#"{"typ":"JWT"}"#,
        r#"{"ALG":"HS256"}"#,
        "{}",
        "[]",
        "null",
        "\"HS256\"",
        "",
        r#"{"alg":"HS256""#,
        r#"{"alg":"HS256"}x"#,
        "\u{feff}{\"alg\":\"HS256\"}",
    ] {
        assert_refused(
            &signed(header, good_claims().to_string()),
            Refusal::Malformed,
        );
    }
    for header in [r#"{"alg":"HS256"}"#, r#"{"typ":"jwt","alg":"HS256"}"#] {
        assert!(verify(&signed(header, good_claims().to_string())).is_ok());
    }
}

#[test]
fn claims_that_are_no_object_are_malformed() {
    for claims in ["", "null", "[]", "1", "\"\"", "{", "{}", "{\"exp\":}"] {
        assert_refused(&signed(HEADER, claims), Refusal::Malformed);
    }
}

#[test]
fn text_that_is_not_utf_8_is_malformed() {
    let mut claims = claims_with("unknown", json!("?")).into_bytes();
    let position = claims.iter().position(|&byte| byte == b'?').unwrap();
    for byte in [0x80, 0xc0, 0xff] {
        claims[position] = byte;
        assert_refused(&signed(HEADER, &claims), Refusal::Malformed);
        let header = [br#"{"alg":"HS256","x":""#.as_slice(), &[byte], br#""}"#].concat();
        assert_refused(
            &signed(header, good_claims().to_string()),
            Refusal::Malformed,
        );
    }
    // A lone surrogate, which JSON can spell.
    let surrogate = claims_with("scope", json!("?")).replace('?', r"\ud800");
    assert_refused(&signed(HEADER, surrogate), Refusal::Malformed);
}

#[test]
fn deep_json_is_survived() {
    for (open, close) in [("[", "]"), (r#"{"a":"#, "}")] {
        let deep = format!("{}1{}", open.repeat(700), close.repeat(700));
        for name in ["unknown", "exp", "aud", "scope"] {
            let claims = claims_with(name, json!("?")).replace("\"?\"", &deep);
            let answer = verify(&signed(HEADER, claims));
            // What is unknown is skipped without descending.
            let expected = (name != "unknown").then_some(Refusal::Malformed);
            assert_eq!(answer.err(), expected, "{name}");
        }
        let header = format!(r#"{{"alg":"HS256","crit":{deep}}}"#);
        assert_refused(
            &signed(header, good_claims().to_string()),
            Refusal::Malformed,
        );
    }
}

#[test]
fn a_long_token_is_refused_before_any_work() {
    // The longest that is looked at, and one byte more.
    let padded = |length: usize| signed(HEADER, claims_with("unknown", json!("x".repeat(length))));
    let longest = (0..7_000)
        .rev()
        .map(padded)
        .find(|token| token.len() <= 8_192);
    assert!(verify(&longest.unwrap()).is_ok());
    assert_refused(&padded(7_000), Refusal::Malformed);
    assert_refused(&padded(100_000), Refusal::Malformed);
    assert_refused(&"x".repeat(100_000), Refusal::Malformed);
    assert_refused(&".".repeat(100_000), Refusal::Malformed);
}

#[test]
fn a_token_has_three_parts_and_one_spelling() {
    let good = good_token();
    let [header, claims, signature] = parts(&good);
    for token in [
        String::new(),
        ".".into(),
        "...".into(),
        header.into(),
        format!("{header}.{claims}"),
        format!("{good}."),
        format!("{good}.."),
        format!(".{good}"),
        format!("{good}.{signature}"),
        format!("{header}.{claims}.{signature}.{header}.{claims}"),
        format!("{good}="),
        format!("{good} "),
        format!("{good}\n"),
        format!("{good}\0"),
        format!("{header}..{signature}."),
        good.replace('_', "/") + "/",
        format!("{header}.{claims}.{signature}\u{e9}"),
    ] {
        assert_refused(&token, Refusal::Malformed);
    }
    // What has no header that is understood.
    for token in [
        "..".into(),
        format!(" {good}"),
        format!(".{claims}.{signature}"),
        format!("{header}=.{claims}.{signature}"),
        format!("{claims}.{header}.{signature}"),
    ] {
        assert_refused(&token, Refusal::Malformed);
    }
    for token in [
        format!("{header}..{signature}"),
        format!("{header}.{claims}==.{signature}"),
        format!("{header}.{claims}.{}", encode([0; 31])),
        format!("{header}.{claims}.{}", encode([0; 33])),
    ] {
        assert_refused(&token, Refusal::BadSignature);
    }
    // Signed by us in another spelling, it is still refused.
    assert_refused(&sealed(&format!("{header}=.{claims}")), Refusal::Malformed);
    assert_refused(&sealed(&format!("{header}.{claims}=")), Refusal::Malformed);
    assert_refused(&sealed(&format!("{header}.{claims}\n")), Refusal::Malformed);
}

#[test]
fn stray_bits_at_the_end_of_the_signature_are_malformed() {
    // 32 bytes take 43 characters, the last of which carries two bits that must be zero.
    let good = good_token();
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let last = alphabet
        .iter()
        .position(|&letter| letter == *good.as_bytes().last().unwrap())
        .unwrap();
    assert_eq!(last % 4, 0);
    for stray in 1..4 {
        let letter = char::from(alphabet[last + stray]);
        assert_refused(
            &format!("{}{letter}", &good[..good.len() - 1]),
            Refusal::Malformed,
        );
    }
}

#[test]
fn parts_of_two_good_tokens_do_not_mix() {
    let pair = keyring().issue_pair(&subject(1), NOW, TOKEN_ID, NOW);
    let [header, claims, _] = parts(&pair.access);
    let [_, _, signature] = parts(&pair.refresh);
    assert_refused(
        &format!("{header}.{claims}.{signature}"),
        Refusal::BadSignature,
    );
}

fn parts(token: &str) -> [&str; 3] {
    let parts: Vec<_> = token.split('.').collect();
    parts.try_into().unwrap()
}

proptest! {
    #[test]
    fn a_token_with_any_byte_changed_is_refused(position: prop::sample::Index, byte in 0_u8..0x80) {
        let mut bytes = good_token().into_bytes();
        let position = position.index(bytes.len());
        prop_assume!(bytes[position] != byte);
        bytes[position] = byte;
        prop_assert!(verify(&String::from_utf8(bytes).unwrap()).is_err());
    }

    #[test]
    fn whatever_comes_verifying_ends_well(token: String) {
        prop_assert!(verify(&token).is_err());
    }

    #[test]
    fn whatever_is_signed_verifying_ends_well(header: Vec<u8>, claims: Vec<u8>) {
        prop_assert!(verify(&signed(&header, &claims)).is_err());
        prop_assert!(verify(&signed(HEADER, &claims)).is_err());
    }

    #[test]
    fn a_refresh_token_is_no_access_token(generation: u64, age in 0..604_800_u64) {
        let pair = keyring().issue_pair(&subject(generation), NOW - age, TOKEN_ID, NOW);
        prop_assert!(keyring().verify_token(&pair.refresh, TokenType::Access, NOW).is_err());
    }
}
