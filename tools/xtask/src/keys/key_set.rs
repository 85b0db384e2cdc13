//! The value of the setting `jwt_keys`: a JWK Set (RFC 7517) of keys for EdDSA (RFC 8037), each with a
//! `status`.

use std::fmt;

use anyhow::{Context, Result, bail};
use base64ct::{Base64UrlUnpadded, Encoding};
use ed25519_dalek::SigningKey;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Keys that the service takes at most.
const MOST_KEYS: usize = 16;

/// The keys. `Debug` is left out on purpose.
#[derive(Default, Deserialize, Serialize)]
pub(crate) struct KeySet {
    keys: Vec<Key>,
}

/// A key, as the service reads it.
#[derive(Deserialize, Serialize)]
struct Key {
    kty: String,
    crv: String,
    kid: String,
    x: String,
    /// The private part, which a retired key has no more.
    #[serde(skip_serializing_if = "Option::is_none")]
    d: Option<String>,
    status: Status,
}

/// What a key is for.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Status {
    /// It signs.
    Active,
    /// It will sign.
    Standby,
    /// It has signed what may still be good.
    Retired,
}

impl KeySet {
    /// Reads the value; an empty one has no keys.
    ///
    /// # Errors
    /// If it is not as this command writes it. The text repeats nothing of it.
    pub(crate) fn parse(text: &str) -> Result<Self> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(Self::default());
        }
        // The parser's own text might repeat a part of a key.
        let set: Self = serde_json::from_str(text)
            .ok()
            .context("must be empty, or as `cargo xtask keys` writes it")?;
        let active = set.keys.iter().filter(|key| key.status == Status::Active);
        if active.count() > 1 {
            bail!("must have one active key at most");
        }
        for key in &set.keys {
            if key.status != Status::Retired && !key.is_pair() {
                bail!("must have the d that belongs to x in the key {}", key.kid);
            }
            if set.keys.iter().filter(|other| other.kid == key.kid).count() > 1 {
                bail!("must have one key with the kid {} at most", key.kid);
            }
        }
        Ok(set)
    }

    /// Adds a standby key with the private part `seed`, and answers its identifier: its thumbprint (RFC
    /// 7638).
    ///
    /// # Errors
    /// If there are too many keys.
    pub(crate) fn generate(&mut self, seed: [u8; 32]) -> Result<String> {
        if self.keys.len() >= MOST_KEYS {
            bail!("there are {MOST_KEYS} keys already: remove those whose tokens have expired");
        }
        let x = encode(SigningKey::from_bytes(&seed).verifying_key());
        let kid = thumbprint(&x);
        self.keys.push(Key {
            kty: "OKP".to_owned(),
            crv: "Ed25519".to_owned(),
            kid: kid.clone(),
            x,
            d: Some(encode(seed)),
            status: Status::Standby,
        });
        Ok(kid)
    }

    /// Has a standby key sign: the one named, or the only one. Answers its identifier, and that of the
    /// key that has signed until now.
    ///
    /// # Errors
    /// If there is no such standby key.
    pub(crate) fn promote(&mut self, kid: Option<&str>) -> Result<(String, Option<String>)> {
        let kid = match kid {
            Some(kid) => kid.to_owned(),
            None => self.only_standby()?,
        };
        if self.find(&kid)?.status != Status::Standby {
            bail!("key {kid} is not on standby");
        }
        let before = self.active().map(str::to_owned);
        if let Some(before) = &before {
            self.retire(before)?;
        }
        self.find(&kid)?.status = Status::Active;
        Ok((kid, before))
    }

    /// Has a key sign no more, and forgets its private part.
    ///
    /// # Errors
    /// If there is no such key.
    pub(crate) fn retire(&mut self, kid: &str) -> Result<()> {
        let key = self.find(kid)?;
        key.status = Status::Retired;
        key.d = None;
        Ok(())
    }

    /// Forgets a key.
    ///
    /// # Errors
    /// If there is no such key, or it signs.
    pub(crate) fn remove(&mut self, kid: &str) -> Result<()> {
        if self.find(kid)?.status == Status::Active {
            bail!("key {kid} is active: promote another one first, or retire it");
        }
        self.keys.retain(|key| key.kid != kid);
        Ok(())
    }

    /// The identifier of the key that signs.
    pub(crate) fn active(&self) -> Option<&str> {
        let mut keys = self.list();
        keys.find(|(_, status)| *status == Status::Active)
            .map(|(kid, _)| kid)
    }

    /// The identifiers, and what each key is for.
    pub(crate) fn list(&self) -> impl Iterator<Item = (&str, Status)> {
        self.keys.iter().map(|key| (&*key.kid, key.status))
    }

    fn only_standby(&self) -> Result<String> {
        let standby: Vec<_> = self
            .list()
            .filter(|(_, status)| *status == Status::Standby)
            .collect();
        match standby[..] {
            [(kid, _)] => Ok(kid.to_owned()),
            [] => bail!("no key is on standby; make one: `cargo xtask keys generate`"),
            _ => bail!("several keys are on standby; name one of them"),
        }
    }

    fn find(&mut self, kid: &str) -> Result<&mut Key> {
        self.keys
            .iter_mut()
            .find(|key| key.kid == kid)
            .with_context(|| format!("there is no key {kid}; see `cargo xtask keys list`"))
    }
}

/// The value of the setting.
impl fmt::Display for KeySet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = serde_json::to_string(self).map_err(|_| fmt::Error)?;
        f.write_str(&text)
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Active => "active",
            Self::Standby => "standby",
            Self::Retired => "retired",
        })
    }
}

impl Key {
    /// Whether it has the private part that belongs to the public one.
    fn is_pair(&self) -> bool {
        let seed = self
            .d
            .as_ref()
            .and_then(|d| Base64UrlUnpadded::decode_vec(d).ok())
            .and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
        seed.is_some_and(|seed| encode(SigningKey::from_bytes(&seed).verifying_key()) == self.x)
    }
}

/// The identifier of the public key `x` (RFC 7638, section 3; RFC 8037, appendix A.3).
fn thumbprint(x: &str) -> String {
    let members = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#);
    encode(Sha256::digest(members))
}

fn encode(bytes: impl AsRef<[u8]>) -> String {
    Base64UrlUnpadded::encode_string(bytes.as_ref())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn statuses(set: &KeySet) -> Vec<Status> {
        set.list().map(|(_, status)| status).collect()
    }

    #[test]
    fn a_key_has_the_form_and_the_thumbprint_of_the_rfc() {
        // RFC 8037, appendices A.1 to A.3.
        let seed = Base64UrlUnpadded::decode_vec("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A");
        let mut set = KeySet::parse("").unwrap();
        let kid = set.generate(seed.unwrap().try_into().unwrap()).unwrap();
        assert_eq!(kid, "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
        assert_eq!(
            set.to_string(),
            r#"{"keys":[{"kty":"OKP","crv":"Ed25519","kid":"kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A","status":"standby"}]}"#
        );
    }

    #[test]
    fn a_rotation_goes_from_standby_to_active_to_retired_to_gone() {
        let mut set = KeySet::default();
        let first = set.generate([1; 32]).unwrap();
        assert_eq!(set.promote(None).unwrap(), (first.clone(), None));
        let second = set.generate([2; 32]).unwrap();
        assert_eq!(statuses(&set), [Status::Active, Status::Standby]);

        let promoted = set.promote(Some(&second)).unwrap();

        assert_eq!(promoted, (second.clone(), Some(first.clone())));
        assert_eq!(set.active(), Some(&*second));
        assert_eq!(statuses(&set), [Status::Retired, Status::Active]);
        assert!(!set.to_string().contains(&encode([1; 32])), "still secret");
        // What is written can be read.
        let mut set = KeySet::parse(&format!(" {set}\n")).unwrap();
        set.remove(&first).unwrap();
        assert_eq!(set.list().count(), 1);
        set.retire(&second).unwrap();
        assert_eq!(set.active(), None);
    }

    #[test]
    fn what_can_not_be_is_refused_and_changes_nothing() {
        let mut set = KeySet::default();
        let active = set.generate([1; 32]).unwrap();
        set.promote(None).unwrap();
        let before = set.to_string();
        assert!(set.promote(None).is_err());
        assert!(set.promote(Some(&active)).is_err());
        assert!(set.promote(Some("unknown")).is_err());
        assert!(set.retire("unknown").is_err());
        assert!(set.remove("unknown").is_err());
        assert!(set.remove(&active).is_err());
        assert_eq!(set.to_string(), before);
        for seed in [2, 3] {
            set.generate([seed; 32]).unwrap();
        }
        assert!(set.promote(None).is_err(), "which of the two is not said");
        for seed in 4..=16 {
            set.generate([seed; 32]).unwrap();
        }
        assert!(set.generate([17; 32]).is_err());
    }

    #[test]
    fn a_value_that_is_not_as_it_must_be_is_refused_without_being_told() {
        let mut set = KeySet::default();
        set.generate([1; 32]).unwrap();
        let good = set.to_string();
        let private = encode([1; 32]);
        for wrong in [
            "x".to_owned(),
            "[]".to_owned(),
            "{}".to_owned(),
            good.replace("standby", "new"),
            good.replace(&private, &encode([2; 32])),
            good.replace(&private, ""),
            good.replace("standby", "active").replace(
                "]}",
                &format!(",{}", &good.replace("standby", "active")[9..]),
            ),
            good.replace("]}", &format!(",{}", &good[9..])),
        ] {
            let Err(error) = KeySet::parse(&wrong) else {
                panic!("{wrong} was accepted");
            };
            assert!(!format!("{error:#}").contains(&private), "{error:#}");
        }
    }
}
