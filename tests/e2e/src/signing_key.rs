//! Keys of EdDSA, as the setting `jwt_keys` has them.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL;
use ed25519_dalek::Signer;
use serde_json::{Value, json};
use uuid::Uuid;

/// A key of a test's own.
#[derive(Clone, Debug)]
pub struct SigningKey {
    /// Its identifier.
    pub kid: String,
    key: ed25519_dalek::SigningKey,
}

impl SigningKey {
    /// A new key with this identifier.
    pub fn new(kid: &str) -> Self {
        let mut seed = [0; 32];
        seed[..16].copy_from_slice(Uuid::new_v4().as_bytes());
        seed[16..].copy_from_slice(Uuid::new_v4().as_bytes());
        Self {
            kid: kid.to_owned(),
            key: ed25519_dalek::SigningKey::from_bytes(&seed),
        }
    }

    /// The public key.
    pub fn public(&self) -> [u8; 32] {
        self.key.verifying_key().to_bytes()
    }

    /// The key as a JWK with this `status`; retired, it has no private part.
    pub fn jwk(&self, status: &str) -> Value {
        let mut jwk = json!({
            "kty": "OKP", "crv": "Ed25519", "kid": self.kid, "status": status,
            "x": BASE64URL.encode(self.public()),
        });
        if status != "retired" {
            jwk["d"] = BASE64URL.encode(self.key.to_bytes()).into();
        }
        jwk
    }

    /// The signature of `message`.
    pub fn sign(&self, message: &str) -> [u8; 64] {
        self.key.sign(message.as_bytes()).to_bytes()
    }
}

/// The value of the setting `jwt_keys` for keys with their `status`.
pub fn jwt_keys(keys: &[(&SigningKey, &str)]) -> String {
    let keys: Vec<_> = keys.iter().map(|(key, status)| key.jwk(status)).collect();
    json!({ "keys": keys }).to_string()
}
