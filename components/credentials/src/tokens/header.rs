//! The JOSE header (RFC 7515, section 4) of a token, read strictly.

use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer};

use super::claims::stated;
use crate::bindings::tokens::Refusal;

/// The fields that decide. `kid` chooses among the configured keys and is used for nothing else; keys,
/// and references to keys, that a header carries (`jwk`, `jku`, `x5c`...) are not looked at (RFC 8725,
/// sections 3.1 and 3.10).
#[derive(Deserialize)]
pub(super) struct Header {
    alg: String,
    #[serde(default, deserialize_with = "stated")]
    kid: Option<String>,
    #[serde(default)]
    typ: Option<String>,
    #[serde(default, deserialize_with = "present")]
    crit: bool,
    #[serde(default, deserialize_with = "present")]
    b64: bool,
}

impl Header {
    /// Reads a header.
    ///
    /// # Errors
    /// [`Refusal::Malformed`] if `json` is none, says something twice, is of another `typ`, or has
    /// extensions: we understand none (RFC 7515, section 4.1.11; RFC 7797 for `b64`).
    pub(super) fn parse(json: &str) -> Result<Self, Refusal> {
        let header: Self = serde_json::from_str(json).map_err(|_| Refusal::Malformed)?;
        let token_type = header.typ.as_deref();
        let is_jwt = token_type.is_none_or(|name| name.eq_ignore_ascii_case("JWT"));
        let is_plain = is_jwt && !header.crit && !header.b64;
        is_plain.then_some(header).ok_or(Refusal::Malformed)
    }

    /// The identifier of the key that is to have signed.
    pub(super) fn key_id(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// Makes sure that the token claims the algorithm of its key: the key decides, never the token.
    ///
    /// # Errors
    /// [`Refusal::Malformed`] if it claims another.
    pub(super) fn check_algorithm(&self, algorithm: &str) -> Result<(), Refusal> {
        (self.alg == algorithm)
            .then_some(())
            .ok_or(Refusal::Malformed)
    }
}

/// That the field is there at all, whatever it holds.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    IgnoredAny::deserialize(deserializer).map(|_| true)
}
