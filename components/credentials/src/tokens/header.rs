//! The JOSE header (RFC 7515, section 4) of a token whose signature is good.

use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer};

use crate::bindings::tokens::Refusal;

/// The fields that decide. Keys, and references to keys, that a header carries (`jwk`, `jku`,
/// `x5c`, `kid`...) are not among them: the key is the configured one (RFC 8725, section 3.1).
#[derive(Deserialize)]
struct Header {
    alg: String,
    #[serde(default)]
    typ: Option<String>,
    #[serde(default, deserialize_with = "present")]
    crit: bool,
    #[serde(default, deserialize_with = "present")]
    b64: bool,
}

/// Refuses a header that asks for something else than a plain HS256 token.
///
/// # Errors
/// [`Refusal::Malformed`] if `json` is no header, has another `alg` or `typ`, or has extensions:
/// we understand none (RFC 7515, section 4.1.11; RFC 7797 for `b64`).
pub(super) fn check(json: &str) -> Result<(), Refusal> {
    let header: Header = serde_json::from_str(json).map_err(|_| Refusal::Malformed)?;
    let is_jwt = header
        .typ
        .is_none_or(|token_type| token_type.eq_ignore_ascii_case("JWT"));
    if header.alg == "HS256" && is_jwt && !header.crit && !header.b64 {
        Ok(())
    } else {
        Err(Refusal::Malformed)
    }
}

/// That the field is there at all, whatever it holds.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    IgnoredAny::deserialize(deserializer).map(|_| true)
}
