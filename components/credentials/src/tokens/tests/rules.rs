//! The rules for claims, with tokens whose signature is good.

use serde_json::{Value, json};

use super::super::Keyring;
use super::{
    HEADER, NOW, SESSION, TOKEN_ID, USER, assert_refused, claims_with, good_claims, keyring,
    named_keyring, signed, verify,
};
use crate::bindings::tokens::{Refusal, TokenType};

#[test]
fn the_good_token_that_the_others_are_made_of_is_good() {
    assert!(verify(&signed(HEADER, good_claims().to_string())).is_ok());
    assert!(
        verify(&signed(
            HEADER,
            claims_with("unknown", json!({"deep": [1]}))
        ))
        .is_ok()
    );
}

#[test]
fn a_token_expires_at_its_time_without_leeway() {
    let expiring = |time: u64| verify(&signed(HEADER, claims_with("exp", json!(time))));
    assert!(expiring(NOW + 1).is_ok());
    assert_eq!(expiring(NOW), Err(Refusal::Expired));
    assert_eq!(expiring(NOW - 1), Err(Refusal::Expired));
    assert_eq!(expiring(0), Err(Refusal::Expired));
}

#[test]
fn a_clock_may_be_60_seconds_ahead() {
    for name in ["nbf", "iat"] {
        let ahead = |seconds: u64| verify(&signed(HEADER, claims_with(name, json!(NOW + seconds))));
        assert!(ahead(0).is_ok() && ahead(60).is_ok());
        assert_eq!(ahead(61), Err(Refusal::NotYetValid));
    }
}

#[test]
fn claims_of_a_wrong_form_are_malformed() {
    let numbers = [
        json!("1700003600"),
        json!(1_700_003_600.5),
        json!(-1),
        json!(null),
        json!(true),
        json!([NOW]),
        json!({}),
        json!(253_402_300_800_u64),
        json!(u64::MAX),
    ];
    let identifiers = [
        json!(null),
        json!(1),
        json!(""),
        json!([USER]),
        json!("0190b8e47f2a7c3d9e1f5a6b7c8d9e0f"),
        json!(USER.to_uppercase()),
        json!(format!("{{{USER}}}")),
        json!(format!("urn:uuid:{USER}")),
        json!(format!("{USER} ")),
        json!("0190b8e4-7f2a-7c3d-9e1f-5a6b7c8d9e0'"),
    ];
    let token_ids = [
        json!(null),
        json!(""),
        json!(7),
        json!(&TOKEN_ID[1..]),
        json!(TOKEN_ID.to_uppercase()),
        json!(format!("{}'", &TOKEN_ID[1..])),
    ];
    let texts = [json!(null), json!(1), json!(["user"])];
    for (name, values) in [
        ("exp", &numbers[..]),
        ("nbf", &numbers),
        ("iat", &numbers),
        ("user_id", &identifiers),
        ("sid", &identifiers),
        ("jti", &token_ids),
        ("scope", &texts),
        ("token_type", &texts),
        ("iss", &texts),
    ] {
        for value in values {
            assert_refused(
                &signed(HEADER, claims_with(name, value.clone())),
                Refusal::Malformed,
            );
        }
    }
}

#[test]
fn numbers_that_json_spells_otherwise_are_malformed() {
    for number in [
        "1e400",
        "1.7e9",
        "1700003600.0",
        "-0",
        "01",
        "+1700003600",
        "NaN",
        "0x65",
    ] {
        let claims = good_claims()
            .to_string()
            .replace(&(NOW + 3_600).to_string(), number);
        assert_refused(&signed(HEADER, claims), Refusal::Malformed);
    }
}

#[test]
fn claims_that_must_be_there_are_missed() {
    for name in ["token_type", "exp", "jti", "user_id"] {
        let mut claims = good_claims();
        claims.as_object_mut().unwrap().remove(name);
        assert_refused(&signed(HEADER, claims.to_string()), Refusal::Malformed);
    }
    for name in ["iat", "sid", "scope"] {
        let mut claims = good_claims();
        claims.as_object_mut().unwrap().remove(name);
        assert!(
            verify(&signed(HEADER, claims.to_string())).is_ok(),
            "{name}"
        );
    }
}

#[test]
fn a_claim_that_stands_twice_is_malformed() {
    let good = good_claims();
    for (name, value) in good.as_object().unwrap() {
        let twice = format!(r#"{{"{name}":{value},{}"#, &good.to_string()[1..]);
        assert_refused(&signed(HEADER, twice), Refusal::Malformed);
        // The name spelt with an escape is the same name.
        let escaped = format!(r"\u{:04x}{}", name.as_bytes()[0], &name[1..]);
        let twice = format!(r#"{{"{escaped}":{value},{}"#, &good.to_string()[1..]);
        assert_refused(&signed(HEADER, twice), Refusal::Malformed);
    }
}

#[test]
fn a_token_of_another_type_is_refused() {
    for token_type in ["refresh", "service", "sliding", "Access", ""] {
        let token = signed(HEADER, claims_with("token_type", json!(token_type)));
        assert_refused(&token, Refusal::WrongType);
    }
}

#[test]
fn a_refresh_token_of_a_session_has_a_generation() {
    let with_generation = |generation: Value| {
        let mut claims = good_claims();
        claims["token_type"] = json!("refresh");
        if !generation.is_null() {
            claims["gen"] = generation;
        }
        keyring().verify_token(&signed(HEADER, claims.to_string()), TokenType::Refresh, NOW)
    };
    for wrong in [
        json!(null),
        json!("1"),
        json!(-1),
        json!(1.5),
        json!(u64::MAX),
    ] {
        assert_eq!(with_generation(wrong), Err(Refusal::Malformed));
    }
    assert_eq!(with_generation(json!(0)).unwrap().generation, Some(0));
    assert_eq!(
        with_generation(json!(i64::MAX))
            .unwrap()
            .session_id
            .as_deref(),
        Some(SESSION)
    );
}

#[test]
fn a_service_token_has_a_credential() {
    let with_credential = |credential: Option<&str>| {
        let mut claims = good_claims();
        claims["token_type"] = json!("service");
        match credential {
            Some(credential) => claims["sid"] = json!(credential),
            None => drop(claims.as_object_mut().unwrap().remove("sid")),
        }
        keyring().verify_token(&signed(HEADER, claims.to_string()), TokenType::Service, NOW)
    };
    assert!(with_credential(Some(SESSION)).is_ok());
    for wrong in [None, Some(""), Some("1")] {
        assert_eq!(with_credential(wrong), Err(Refusal::Malformed));
    }
}

#[test]
fn issuer_and_audience_are_required_when_set() {
    let verify_named = |issuer: Value, audience: Value| {
        let mut claims = good_claims();
        for (name, value) in [("iss", issuer), ("aud", audience)] {
            if !value.is_null() {
                claims[name] = value;
            }
        }
        let token = signed(HEADER, claims.to_string());
        let verify = |keyring: Keyring| keyring.verify_token(&token, TokenType::Access, NOW).err();
        [verify(named_keyring()), verify(keyring())]
    };
    let wrong = Some(Refusal::WrongAudience);
    for (issuer, audience, expected) in [
        (json!("issuer"), json!("audience"), [None, wrong]),
        (json!("issuer"), json!(["x", "audience"]), [None, wrong]),
        (json!("issuer"), json!(["x"]), [wrong, wrong]),
        (json!("issuer"), json!([]), [wrong, wrong]),
        (json!("issuer"), json!("audience "), [wrong, wrong]),
        (json!("issuer"), json!(null), [wrong, None]),
        (json!("Issuer"), json!("audience"), [wrong, wrong]),
        (json!(null), json!("audience"), [wrong, wrong]),
        (json!(null), json!(null), [wrong, None]),
        (json!("issuer"), json!(7), [Some(Refusal::Malformed); 2]),
    ] {
        assert_eq!(
            verify_named(issuer.clone(), audience.clone()),
            expected,
            "{issuer} {audience}"
        );
    }
}
