//! Keys of EdDSA beside the secret: which of them signs, which are accepted, and confusions of the two.

use ed25519_dalek::{Signer, SigningKey};
use jwt_compact::alg::{Hs256, Hs256Key};
use jwt_compact::{Algorithm, AlgorithmSignature};
use serde_json::{Value, json};

use super::super::Keyring;
use super::{
    Base64UrlUnpadded, Encoding, HEADER, NOW, TOKEN_ID, encode, good_claims, keyring,
    service_subject, settings, signed, subject,
};
use crate::bindings::tokens::{Refusal, Settings, SettingsError, TokenType};

/// The key of RFC 8037, appendix A.1.
const D: &str = "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A";
const X: &str = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";

/// A private key for each `seed`.
fn private_key(seed: u8) -> SigningKey {
    SigningKey::from_bytes(&[seed; 32])
}

/// The same as a JWK with a `kid` of its own.
fn jwk(seed: u8, status: &str) -> Value {
    let public = private_key(seed).verifying_key();
    json!({
        "kty": "OKP", "crv": "Ed25519", "kid": format!("key-{seed}"), "x": encode(public),
        "d": encode([seed; 32]), "status": status,
    })
}

fn settings_with(keys: &[Value]) -> Settings {
    Settings {
        keys: Some(json!({"keys": keys}).to_string()),
        ..settings()
    }
}

fn keyring_with(keys: &[Value]) -> Keyring {
    Keyring::new(settings_with(keys)).unwrap()
}

/// A good access token of `keyring`.
fn token_of(keyring: &Keyring) -> String {
    keyring.issue_pair(&subject(1), NOW, TOKEN_ID, NOW).access
}

fn verify(keyring: &Keyring, token: &str) -> Option<Refusal> {
    keyring.verify_token(token, TokenType::Access, NOW).err()
}

/// A token of these claims with this header, signed by the key of `seed`.
fn signed_by(seed: u8, header: &Value, claims: &Value) -> String {
    let message = format!(
        "{}.{}",
        encode(header.to_string()),
        encode(claims.to_string())
    );
    let signature = private_key(seed).sign(message.as_bytes());
    format!("{message}.{}", encode(signature.to_bytes()))
}

fn problem_of(settings: Settings) -> String {
    match Keyring::new(settings) {
        Err(SettingsError::InvalidKeys(problem)) => problem,
        Err(other) => panic!("{other:?}"),
        Ok(_) => "none".to_owned(),
    }
}

#[test]
fn the_active_key_signs_and_is_named_in_the_header() {
    let keyring = keyring_with(&[jwk(1, "retired"), jwk(2, "active"), jwk(3, "standby")]);
    let pair = keyring.issue_pair(&subject(1), NOW, TOKEN_ID, NOW);
    let service = keyring.issue_service_token(&service_subject(), TOKEN_ID, NOW, 600);
    for (token, token_type) in [
        (&pair.access, TokenType::Access),
        (&pair.refresh, TokenType::Refresh),
        (&service, TokenType::Service),
    ] {
        let header = Base64UrlUnpadded::decode_vec(token.split('.').next().unwrap()).unwrap();
        let header: Value = serde_json::from_slice(&header).unwrap();
        assert_eq!(
            header,
            json!({"alg": "EdDSA", "kid": "key-2", "typ": "JWT"})
        );
        assert!(keyring.verify_token(token, token_type, NOW).is_ok());
    }
    let again = keyring.issue_pair(&subject(1), NOW, TOKEN_ID, NOW + 5);
    assert_eq!(again.refresh, pair.refresh);
}

#[test]
fn a_rotation_from_the_secret_on_ends_no_token() {
    let stages = [
        keyring(),
        keyring_with(&[jwk(1, "standby")]),
        keyring_with(&[jwk(1, "active"), jwk(2, "standby")]),
        keyring_with(&[jwk(1, "retired"), jwk(2, "active")]),
        keyring_with(&[jwk(1, "retired"), jwk(2, "retired")]),
    ];
    let tokens = stages.each_ref().map(token_of);
    // Hosts are told one after the other: who is a stage behind meets tokens of the next one, too.
    for (stage, keyring) in stages.iter().enumerate() {
        for token in &tokens[..(stage + 2).min(tokens.len())] {
            // Before there was any, nobody could know a key.
            let is_unknown = stage == 0 && token.len() != tokens[0].len();
            assert_eq!(verify(keyring, token).is_some(), is_unknown, "{stage}");
        }
    }
}

#[test]
fn a_removed_key_ends_its_tokens_and_no_others() {
    let before = keyring_with(&[jwk(1, "active"), jwk(2, "standby")]);
    let after = keyring_with(&[jwk(2, "active")]);
    assert_eq!(
        verify(&after, &token_of(&before)),
        Some(Refusal::BadSignature)
    );
    assert_eq!(verify(&after, &token_of(&keyring())), None);
}

#[test]
fn a_retired_key_needs_no_private_part() {
    let mut retired = jwk(1, "retired");
    retired.as_object_mut().unwrap().remove("d");
    let keyring = keyring_with(&[retired, jwk(2, "active")]);
    let token = token_of(&keyring_with(&[jwk(1, "active")]));
    assert_eq!(verify(&keyring, &token), None);
}

#[test]
fn tokens_of_the_secret_can_be_refused() {
    let keyring = Keyring::new(Settings {
        accept_secret: false,
        ..settings_with(&[jwk(1, "active")])
    });
    let keyring = keyring.unwrap();
    let of_the_secret = signed(HEADER, good_claims().to_string());
    assert_eq!(
        verify(&keyring, &of_the_secret),
        Some(Refusal::BadSignature)
    );
    assert_eq!(verify(&keyring, &token_of(&keyring)), None);
    // Links are signed by it all the same.
    let signature = keyring.sign_text("unsubscribe", "text");
    assert!(keyring.is_signed_text("unsubscribe", "text", &signature));
}

#[test]
fn a_public_key_is_no_secret_of_hs256() {
    let keyring = keyring_with(&[jwk(1, "active")]);
    let public = private_key(1).verifying_key();
    let published = keyring.public_keys().to_owned();
    let key = &serde_json::from_str::<Value>(&published).unwrap()["keys"][0];
    for secret in [
        public.as_bytes().to_vec(),
        encode(public).into_bytes(),
        key.to_string().into_bytes(),
        published.into_bytes(),
        Vec::new(),
    ] {
        for header in [
            json!({"alg": "HS256", "typ": "JWT", "kid": "key-1"}),
            json!({"alg": "EdDSA", "typ": "JWT", "kid": "key-1"}),
            json!({"alg": "HS256", "typ": "JWT"}),
        ] {
            let message = format!(
                "{}.{}",
                encode(header.to_string()),
                encode(good_claims().to_string())
            );
            let signature = Hs256.sign(&Hs256Key::new(&secret), message.as_bytes());
            let token = format!("{message}.{}", encode(signature.as_bytes()));
            assert!(verify(&keyring, &token).is_some(), "{header}");
        }
    }
}

#[test]
fn a_key_signs_only_under_its_own_name_and_algorithm() {
    let keyring = keyring_with(&[jwk(1, "active"), jwk(2, "standby")]);
    let good = json!({"alg": "EdDSA", "typ": "JWT", "kid": "key-1"});
    assert_eq!(verify(&keyring, &signed_by(1, &good, &good_claims())), None);
    let malformed = Some(Refusal::Malformed);
    let bad = Some(Refusal::BadSignature);
    for (seed, name, value, expected) in [
        (1, "kid", json!("key-2"), bad),
        (3, "kid", json!("key-3"), bad),
        (3, "kid", json!("key-1"), bad),
        (1, "kid", json!(""), bad),
        (1, "kid", json!("KEY-1"), bad),
        (1, "kid", json!("key-1 "), bad),
        (1, "kid", json!("../key-1"), bad),
        (1, "kid", json!("key-1\0"), bad),
        (1, "kid", json!(null), malformed),
        (1, "kid", json!(["key-1"]), malformed),
        (1, "kid", json!(1), malformed),
        (1, "alg", json!("HS256"), malformed),
        (1, "alg", json!("Ed25519"), malformed),
        (1, "alg", json!("eddsa"), malformed),
        (1, "alg", json!("none"), malformed),
    ] {
        let mut header = good.clone();
        header[name] = value;
        let token = signed_by(seed, &header, &good_claims());
        assert_eq!(verify(&keyring, &token), expected, "{header}");
    }
    // Without a name it would have to be the secret's.
    let nameless = json!({"alg": "EdDSA", "typ": "JWT"});
    let token = signed_by(1, &nameless, &good_claims());
    assert_eq!(verify(&keyring, &token), malformed);
}

#[test]
fn a_signature_has_one_form() {
    let keyring = keyring_with(&[jwk(1, "active")]);
    let good = token_of(&keyring);
    let (message, signature) = good.rsplit_once('.').unwrap();
    let bytes = Base64UrlUnpadded::decode_vec(signature).unwrap();
    let (r, s) = bytes.split_at(32);
    // s plus the group's order signs, too, where s is not looked at (RFC 8032, section 5.1.7).
    let order: [u8; 32] = [
        0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde,
        0x14, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
    ];
    let mut carry = 0;
    let larger: Vec<u8> = s
        .iter()
        .zip(order)
        .map(|(one, other)| {
            let sum = u16::from(*one) + u16::from(other) + carry;
            carry = sum >> 8;
            u8::try_from(sum & 0xff).unwrap()
        })
        .collect();
    for forged in [
        [r, &larger[..]].concat(),
        [s, r].concat(),
        vec![0; 64],
        bytes[..63].to_vec(),
        [&bytes[..], &[0]].concat(),
        Vec::new(),
    ] {
        let token = format!("{message}.{}", encode(forged));
        assert_eq!(verify(&keyring, &token), Some(Refusal::BadSignature));
    }
}

#[test]
fn published_keys_are_public() {
    let key = json!({
        "kty": "OKP", "crv": "Ed25519", "kid": "rfc-8037", "x": X, "d": D, "status": "active",
    });
    let keyring = keyring_with(&[key]);
    assert_eq!(
        keyring.public_keys(),
        format!(
            r#"{{"keys":[{{"kty":"OKP","crv":"Ed25519","use":"sig","alg":"EdDSA","kid":"rfc-8037","x":"{X}"}}]}}"#
        )
    );
    assert_eq!(super::keyring().public_keys(), r#"{"keys":[]}"#);
    let all = keyring_with(&[jwk(1, "retired"), jwk(2, "active"), jwk(3, "standby")]);
    for kid in ["key-1", "key-2", "key-3"] {
        assert!(all.public_keys().contains(kid), "{kid}");
    }
    assert!(!all.public_keys().contains(r#""d""#));
}

#[test]
fn keys_that_are_not_as_they_must_be_are_refused_without_being_told() {
    let mut changed = jwk(1, "active");
    for (name, value, expected) in [
        ("kty", json!("EC"), "key 1 must have kty OKP"),
        ("crv", json!("X25519"), "key 1 must have kty OKP"),
        ("kid", json!(""), "key 1 must have a kid"),
        ("kid", json!("a/b"), "key 1 must have a kid"),
        ("kid", json!("x".repeat(65)), "key 1 must have a kid"),
        ("x", json!(""), "key 1 has an x"),
        ("x", json!(encode([2; 31])), "key 1 has an x"),
        // The neutral element, for which everybody can sign.
        (
            "x",
            json!(encode([[1].as_slice(), &[0; 31]].concat())),
            "key 1 has an x",
        ),
        ("d", json!(null), "key 1 has no d"),
        ("d", json!(""), "key 1 has no d"),
        ("d", json!(encode([2; 32])), "key 1 has no d"),
        ("d", json!(encode([1; 64])), "key 1 has no d"),
        ("status", json!("new"), "must be a JSON object"),
        ("status", json!(null), "must be a JSON object"),
    ] {
        let good = changed[name].take();
        changed[name] = value;
        let problem = problem_of(settings_with(std::slice::from_ref(&changed)));
        assert!(problem.starts_with(expected), "{name}: {problem}");
        changed[name] = good;
    }
    for (keys, expected) in [
        (
            vec![jwk(1, "active"), jwk(1, "standby")],
            "key 2 has the kid",
        ),
        (
            vec![jwk(1, "active"), jwk(2, "active")],
            "key 2 is a second",
        ),
        (vec![jwk(1, "active"); 17], "must have 16 keys at most"),
    ] {
        let problem = problem_of(settings_with(&keys));
        assert!(problem.starts_with(expected), "{problem}");
    }
    for text in ["[]", "{}", "x", r#"{"keys": 1}"#, r#"{"keys": [1]}"#] {
        let problem = problem_of(Settings {
            keys: Some(text.to_owned()),
            ..settings()
        });
        assert!(problem.starts_with("must be a JSON object"), "{problem}");
    }
}

#[test]
fn what_would_be_signed_must_be_accepted() {
    let without_secret = |keys: &[Value]| {
        problem_of(Settings {
            accept_secret: false,
            ..settings_with(keys)
        })
    };
    assert_eq!(without_secret(&[jwk(1, "active")]), "none");
    for keys in [&[][..], &[jwk(1, "standby")], &[jwk(1, "retired")]] {
        assert!(without_secret(keys).starts_with("must have an active key"));
    }
}
