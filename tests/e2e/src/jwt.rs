//! JSON Web Tokens taken apart, bent, and put together again: what a forger does (RFC 8725).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;
use sha2::Sha256;

use crate::signing_key::SigningKey;

/// The parts of a token.
#[derive(Clone, Debug)]
#[must_use = "a bent token is of use only when it is signed"]
pub struct Jwt {
    /// The JOSE header.
    pub header: Value,
    /// The claims.
    pub claims: Value,
}

impl Jwt {
    /// Takes a token of the service apart, without looking at its signature.
    pub fn read(token: &str) -> Self {
        let parts: Vec<_> = token.split('.').collect();
        let [header, claims, _signature] = parts.as_slice() else {
            panic!("not a signed token: {token}");
        };
        Self {
            header: part(header),
            claims: part(claims),
        }
    }

    /// Sets a claim.
    pub fn claim(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.claims[name] = value.into();
        self
    }

    /// Leaves a claim out.
    pub fn without_claim(mut self, name: &str) -> Self {
        let claims = self.claims.as_object_mut().expect("an object of claims");
        claims.shift_remove(name);
        self
    }

    /// Sets a parameter of the header.
    pub fn header(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.header[name] = value.into();
        self
    }

    /// A claim that is a moment, in seconds since 1970.
    pub fn seconds(&self, name: &str) -> i64 {
        let value = &self.claims[name];
        value
            .as_i64()
            .unwrap_or_else(|| panic!("no whole number in {name}: {value}"))
    }

    /// The token, signed with HMAC-SHA-256 whatever its header says.
    pub fn signed(&self, secret: &str) -> String {
        sign(&self.header.to_string(), &self.claims.to_string(), secret)
    }

    /// The token, signed by a key of EdDSA whatever its header says.
    pub fn signed_by(&self, key: &SigningKey) -> String {
        sign_by(&self.header.to_string(), &self.claims.to_string(), key)
    }

    /// The token with an empty signature.
    pub fn unsigned(&self) -> String {
        let message = message(&self.header.to_string(), &self.claims.to_string());
        format!("{message}.")
    }
}

/// A token of any two texts, which need not be JSON, signed with HMAC-SHA-256.
pub fn sign(header: &str, claims: &str, secret: &str) -> String {
    sign_with_bytes(header, claims, secret.as_bytes())
}

/// The same with a secret that need not be a text.
pub fn sign_with_bytes(header: &str, claims: &str, secret: &[u8]) -> String {
    let message = message(header, claims);
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).expect("HMAC takes keys of any length");
    mac.update(message.as_bytes());
    let signature = BASE64URL.encode(mac.finalize().into_bytes());
    format!("{message}.{signature}")
}

/// A token of any two texts, signed by a key of EdDSA.
pub fn sign_by(header: &str, claims: &str, key: &SigningKey) -> String {
    let message = message(header, claims);
    let signature = BASE64URL.encode(key.sign(&message));
    format!("{message}.{signature}")
}

/// What is signed.
fn message(header: &str, claims: &str) -> String {
    format!("{}.{}", BASE64URL.encode(header), BASE64URL.encode(claims))
}

fn part(text: &str) -> Value {
    let bytes = BASE64URL.decode(text).expect("base64url");
    serde_json::from_slice(&bytes).expect("JSON")
}
