//! Tokens of ours, of the old service, and forged ones (RFC 8725).

mod forged;
mod fuzz;
mod issued;
mod keys;
mod rules;
mod text;

use base64ct::{Base64UrlUnpadded, Encoding};
use jwt_compact::alg::{Hs256, Hs256Key};
use jwt_compact::{Algorithm, AlgorithmSignature};
use serde_json::{Value, json};

use super::Keyring;
use crate::bindings::tokens::{Claims, Refusal, ServiceSubject, Settings, Subject, TokenType};

const SECRET: &str = "a secret of the tests, 32 bytes or more";
const NOW: u64 = 1_700_000_000;
const USER: &str = "0190b8e4-7f2a-7c3d-9e1f-5a6b7c8d9e0f";
const SESSION: &str = "0190b8e4-8a11-7b22-8c33-9d44ae55bf66";
const TOKEN_ID: &str = "5f0c7a1e9b3d4c2a8e6f1b0d7c9a5e34";
const HEADER: &str = r#"{"alg":"HS256","typ":"JWT"}"#;

fn settings() -> Settings {
    Settings {
        secret: SECRET.to_owned(),
        accept_secret: true,
        keys: None,
        issuer: None,
        audience: None,
        access_lifetime: 3_600,
        refresh_lifetime: 604_800,
    }
}

fn keyring() -> Keyring {
    Keyring::new(settings()).unwrap()
}

/// A keyring with an issuer and an audience.
fn named_keyring() -> Keyring {
    Keyring::new(Settings {
        issuer: Some("issuer".to_owned()),
        audience: Some("audience".to_owned()),
        ..settings()
    })
    .unwrap()
}

fn subject(generation: u64) -> Subject {
    Subject {
        user_id: USER.to_owned(),
        session_id: SESSION.to_owned(),
        generation,
        scope: "user".to_owned(),
    }
}

fn service_subject() -> ServiceSubject {
    ServiceSubject {
        account_id: USER.to_owned(),
        credential_id: SESSION.to_owned(),
        scope: "users:read push-tokens:read".to_owned(),
    }
}

/// The claims of a good access token.
fn good_claims() -> Value {
    json!({
        "token_type": "access", "exp": NOW + 3_600, "iat": NOW, "jti": TOKEN_ID,
        "user_id": USER, "sid": SESSION, "scope": "user",
    })
}

/// The claims of a good access token with one of them set to `value`.
fn claims_with(name: &str, value: Value) -> String {
    let mut claims = good_claims();
    claims[name] = value;
    claims.to_string()
}

fn encode(bytes: impl AsRef<[u8]>) -> String {
    Base64UrlUnpadded::encode_string(bytes.as_ref())
}

/// A token of these bytes with a good signature.
fn signed(header: impl AsRef<[u8]>, claims: impl AsRef<[u8]>) -> String {
    sealed(&format!("{}.{}", encode(header), encode(claims)))
}

/// `message` with a good signature behind it.
fn sealed(message: &str) -> String {
    let signature = Hs256.sign(&Hs256Key::new(SECRET), message.as_bytes());
    format!("{message}.{}", encode(signature.as_bytes()))
}

fn verify(token: &str) -> Result<Claims, Refusal> {
    keyring().verify_token(token, TokenType::Access, NOW)
}

#[track_caller]
fn assert_refused(token: &str, refusal: Refusal) {
    match verify(token) {
        Err(answer) => assert_eq!(answer, refusal, "{token}"),
        Ok(claims) => panic!("{token}: {claims:?}"),
    }
}
