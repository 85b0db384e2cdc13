//! The keys of EdDSA (RFC 8037): a JWK Set (RFC 7517) whose keys have a `status`.

use base64ct::{Base64UrlUnpadded, Encoding};
use ed25519_dalek::{SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};

/// Keys that there are at most.
const MOST_KEYS: usize = 16;
/// Characters that a `kid` has at most; a thumbprint (RFC 7638) has 43.
const LONGEST_ID: usize = 64;

/// The keys, parsed. Without any there is none that signs, and none that is published.
pub(super) struct KeySet {
    keys: Vec<(String, VerifyingKey)>,
    active: Option<(String, SigningKey)>,
    public: String,
}

/// The keys as they are configured.
#[derive(Deserialize)]
struct Configured {
    keys: Vec<ConfiguredKey>,
}

#[derive(Deserialize)]
struct ConfiguredKey {
    kty: String,
    crv: String,
    kid: String,
    x: String,
    d: Option<String>,
    status: Status,
}

/// What a key is for.
#[derive(Clone, Copy, Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
enum Status {
    /// It signs.
    Active,
    /// It will sign: it is published, so that whoever verifies knows it by then.
    Standby,
    /// It has signed what is still good.
    Retired,
}

/// The keys as they are published.
#[derive(Serialize)]
struct Published<'a> {
    keys: Vec<PublishedKey<'a>>,
}

#[derive(Serialize)]
struct PublishedKey<'a> {
    kty: &'static str,
    crv: &'static str,
    r#use: &'static str,
    alg: &'static str,
    kid: &'a str,
    x: &'a str,
}

impl KeySet {
    /// Reads the keys; nothing and an empty text have none.
    ///
    /// # Errors
    /// What is wrong and with which key, without its value.
    pub(super) fn parse(json: Option<&str>) -> Result<Self, String> {
        let json = json.map_or("", str::trim);
        let configured = match json {
            "" => Vec::new(),
            _ => serde_json::from_str::<Configured>(json)
                .map_err(|_| {
                    "must be a JSON object with the list keys, each of them with kty, crv, kid, x \
                         and the status active, standby or retired"
                })?
                .keys,
        };
        if configured.len() > MOST_KEYS {
            return Err(format!("must have {MOST_KEYS} keys at most"));
        }
        let public = published(&configured);
        let mut set = Self {
            keys: Vec::with_capacity(configured.len()),
            active: None,
            public,
        };
        for (position, key) in configured.into_iter().enumerate() {
            let number = position + 1;
            set.add(key)
                .map_err(|problem| format!("key {number} {problem}"))?;
        }
        Ok(set)
    }

    /// Takes one more key.
    fn add(&mut self, key: ConfiguredKey) -> Result<(), &'static str> {
        if key.kty != "OKP" || key.crv != "Ed25519" {
            return Err("must have kty OKP and crv Ed25519");
        }
        if !is_id(&key.kid) {
            return Err("must have a kid of 1 to 64 letters, digits, hyphens and underscores");
        }
        if self.find(&key.kid).is_some() {
            return Err("has the kid of another one");
        }
        let public = decode(&key.x)
            .and_then(|bytes| VerifyingKey::from_bytes(&bytes).ok())
            // Of small order: anybody can sign for it (RFC 8032, section 5.1.7).
            .filter(|key| !key.is_weak())
            .ok_or("has an x that is no public key of Ed25519")?;
        if key.status != Status::Retired {
            let private = key
                .d
                .and_then(|d| decode(&d))
                .map(|bytes| SigningKey::from_bytes(&bytes))
                .filter(|private| private.verifying_key() == public)
                .ok_or("has no d that is the private key of its x")?;
            if key.status == Status::Active
                && self.active.replace((key.kid.clone(), private)).is_some()
            {
                return Err("is a second active one");
            }
        }
        self.keys.push((key.kid, public));
        Ok(())
    }

    /// The key that signs, with its identifier.
    pub(super) fn active(&self) -> Option<(&str, &SigningKey)> {
        self.active.as_ref().map(|(id, key)| (id.as_str(), key))
    }

    /// The key that has this identifier.
    pub(super) fn find(&self, id: &str) -> Option<&VerifyingKey> {
        self.keys
            .iter()
            .find(|(known, _)| known == id)
            .map(|(_, key)| key)
    }

    /// The public keys as a JWK Set.
    pub(super) fn public(&self) -> &str {
        &self.public
    }
}

fn published(configured: &[ConfiguredKey]) -> String {
    let keys = configured
        .iter()
        .map(|key| PublishedKey {
            kty: "OKP",
            crv: "Ed25519",
            r#use: "sig",
            alg: "EdDSA",
            kid: &key.kid,
            x: &key.x,
        })
        .collect();
    serde_json::to_string(&Published { keys }).expect("structures of text can be serialised")
}

fn is_id(text: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    (1..=LONGEST_ID).contains(&text.len()) && text.bytes().all(is_allowed)
}

/// 32 bytes in base64url.
fn decode(text: &str) -> Option<[u8; 32]> {
    Base64UrlUnpadded::decode_vec(text).ok()?.try_into().ok()
}
