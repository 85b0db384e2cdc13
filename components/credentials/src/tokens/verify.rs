//! Verifying a token: length, form and header, then the signature, and only then what it says.

use base64ct::{Base64UrlUnpadded, Encoding};

use super::Keyring;
use super::claims::{Audience, VerifiedClaims};
use super::header::Header;
use super::verifying_key::VerifyingKey;
use crate::bindings::tokens::{Claims, Refusal, TokenType};

/// Bytes that a token has at most. Ours have about 500, and header fields end at 8 KiB or so.
const MAXIMUM_LENGTH: usize = 8 * 1024;
/// Seconds that the clock of who issued a token may be ahead of ours.
const LEEWAY: u64 = 60;

impl Keyring {
    /// Verifies `token` at the time `now`, in seconds of the Unix epoch.
    ///
    /// # Errors
    /// The first reason to refuse it, in the order: form and header, key and signature, claims, time,
    /// audience, type.
    pub(crate) fn verify_token(
        &self,
        token: &str,
        expected: TokenType,
        now: u64,
    ) -> Result<Claims, Refusal> {
        let claims = self.signed_claims(token)?;
        let claims = VerifiedClaims::parse(&decode_text(claims)?)?;
        check_time(&claims, now)?;
        self.check_audience(&claims)?;
        accept(claims, expected)
    }

    /// The encoded claims of a token that bears the signature of one of our keys.
    fn signed_claims<'a>(&self, token: &'a str) -> Result<&'a str, Refusal> {
        if token.len() > MAXIMUM_LENGTH {
            return Err(Refusal::Malformed);
        }
        let (message, signature) = token.rsplit_once('.').ok_or(Refusal::Malformed)?;
        let (header, claims) = message.split_once('.').ok_or(Refusal::Malformed)?;
        if claims.contains('.') {
            return Err(Refusal::Malformed);
        }
        let header = Header::parse(&decode_text(header)?)?;
        let key = self
            .verifying_key(header.key_id())
            .ok_or(Refusal::BadSignature)?;
        header.check_algorithm(key.algorithm())?;
        if key.has_signed(message.as_bytes(), &decode(signature)?) {
            Ok(claims)
        } else {
            Err(Refusal::BadSignature)
        }
    }

    /// The key that `kid` names; without it, the secret.
    fn verifying_key(&self, kid: Option<&str>) -> Option<VerifyingKey<'_>> {
        match kid {
            Some(kid) => self.keys.find(kid).map(VerifyingKey::Ed25519),
            None if self.accepts_secret => Some(VerifyingKey::Secret(&self.secret)),
            None => None,
        }
    }

    /// An audience where we have none is another one's token (RFC 7519, section 4.1.3).
    fn check_audience(&self, claims: &VerifiedClaims) -> Result<(), Refusal> {
        let is_our_issuer = self.issuer.is_none() || self.issuer == claims.iss;
        let is_for_us = match (&self.audience, &claims.aud) {
            (None, Audience::None) => true,
            (Some(ours), Audience::One(one)) => one == ours,
            (Some(ours), Audience::Many(many)) => many.contains(ours),
            _ => false,
        };
        if is_our_issuer && is_for_us {
            Ok(())
        } else {
            Err(Refusal::WrongAudience)
        }
    }
}

fn check_time(claims: &VerifiedClaims, now: u64) -> Result<(), Refusal> {
    let latest = now.saturating_add(LEEWAY);
    let began = claims.nbf.max(claims.iat);
    if began.is_some_and(|time| time > latest) {
        return Err(Refusal::NotYetValid);
    }
    if claims.exp <= now {
        return Err(Refusal::Expired);
    }
    Ok(())
}

fn accept(claims: VerifiedClaims, expected: TokenType) -> Result<Claims, Refusal> {
    let generation = match expected {
        TokenType::Access if claims.token_type == "access" => None,
        TokenType::Refresh if claims.token_type == "refresh" => claims.generation,
        TokenType::Service if claims.token_type == "service" => None,
        _ => return Err(Refusal::WrongType),
    };
    let is_complete = match expected {
        TokenType::Access => true,
        // A session's refresh token without its generation could not be rotated.
        TokenType::Refresh => claims.sid.is_none() || generation.is_some(),
        // A service token without its credential could not be ended.
        TokenType::Service => claims.sid.is_some(),
    };
    if !is_complete {
        return Err(Refusal::Malformed);
    }
    Ok(Claims {
        user_id: claims.user_id,
        session_id: claims.sid,
        generation,
        scope: claims.scope,
        token_id: claims.jti,
        expires_at: claims.exp,
    })
}

/// Unpadded base64url with no stray bits, so that a token has one spelling only.
fn decode(text: &str) -> Result<Vec<u8>, Refusal> {
    Base64UrlUnpadded::decode_vec(text).map_err(|_| Refusal::Malformed)
}

/// JSON in a token is UTF-8 (RFC 8725, section 3.7).
fn decode_text(text: &str) -> Result<String, Refusal> {
    String::from_utf8(decode(text)?).map_err(|_| Refusal::Malformed)
}
