//! The claims of a token whose signature is good, read strictly (RFC 8725, section 3.12).
//!
//! A claim that we know must be of its type and stand once; others are not looked at.

use serde::{Deserialize, Deserializer};
use uuid::Uuid;

use crate::bindings::tokens::Refusal;

/// The end of the year 9999: later times can't be stored or shown.
const LATEST: u64 = 253_402_300_799;
/// Generations are a `bigint` in the database.
const HIGHEST_GENERATION: u64 = i64::MAX.unsigned_abs();

/// The claims as they are written. Times are integers: RFC 7519 allows fractions, but nobody who
/// holds the secret writes them.
#[derive(Deserialize)]
pub(super) struct VerifiedClaims {
    pub(super) token_type: String,
    pub(super) exp: u64,
    #[serde(default, deserialize_with = "stated")]
    pub(super) nbf: Option<u64>,
    #[serde(default, deserialize_with = "stated")]
    pub(super) iat: Option<u64>,
    pub(super) jti: String,
    pub(super) user_id: String,
    #[serde(default, deserialize_with = "stated")]
    pub(super) sid: Option<String>,
    #[serde(default)]
    pub(super) scope: String,
    #[serde(default, deserialize_with = "stated", rename = "gen")]
    pub(super) generation: Option<u64>,
    #[serde(default, deserialize_with = "stated")]
    pub(super) iss: Option<String>,
    #[serde(default)]
    pub(super) aud: Audience,
}

/// One audience or several (RFC 7519, section 4.1.3).
#[derive(Default, Deserialize)]
#[serde(untagged)]
pub(super) enum Audience {
    /// The claim is not there.
    #[default]
    None,
    One(String),
    Many(Vec<String>),
}

impl VerifiedClaims {
    /// Reads the claims and checks their form.
    ///
    /// # Errors
    /// [`Refusal::Malformed`] if one is missing, stands twice or is not of its type.
    pub(super) fn parse(json: &str) -> Result<Self, Refusal> {
        let claims: Self = serde_json::from_str(json).map_err(|_| Refusal::Malformed)?;
        let times = [Some(claims.exp), claims.nbf, claims.iat];
        let is_sound = times.into_iter().flatten().all(|time| time <= LATEST)
            && is_token_id(&claims.jti)
            && is_uuid(&claims.user_id)
            && claims.sid.as_deref().is_none_or(is_uuid)
            && claims
                .generation
                .is_none_or(|generation| generation <= HIGHEST_GENERATION);
        is_sound.then_some(claims).ok_or(Refusal::Malformed)
    }
}

/// 32 hexadecimal digits, as the old service and this one write.
fn is_token_id(text: &str) -> bool {
    let is_digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    text.len() == 32 && text.bytes().all(is_digit)
}

/// A UUID in its one canonical form (RFC 9562, section 4): it becomes part of cache keys.
fn is_uuid(text: &str) -> bool {
    let mut canonical = Uuid::encode_buffer();
    Uuid::try_parse(text).is_ok_and(|uuid| uuid.hyphenated().encode_lower(&mut canonical) == text)
}

/// A field that is there: `null` is no value for it.
pub(super) fn stated<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    T::deserialize(deserializer).map(Some)
}
