//! Issuing tokens: a pair for a user's session, one for a service.

use jwt_compact::alg::{Ed25519, Hs256};
use jwt_compact::{AlgorithmExt, Claims, Header};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::Keyring;
use crate::bindings::tokens::{ServiceSubject, Subject, TokenPair};

/// The claims that we write, in the order in which they are serialised.
#[derive(Serialize)]
struct IssuedClaims<'a> {
    token_type: &'static str,
    exp: u64,
    iat: u64,
    jti: &'a str,
    user_id: &'a str,
    sid: &'a str,
    scope: &'a str,
    #[serde(rename = "gen", skip_serializing_if = "Option::is_none")]
    generation: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    iss: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    aud: Option<&'a str>,
}

impl Keyring {
    /// Issues an access token as of `now` with the id `token_id`, and the one refresh token that
    /// `subject` has for its generation. Times are in seconds of the Unix epoch.
    pub(crate) fn issue_pair(
        &self,
        subject: &Subject,
        generation_began: u64,
        token_id: &str,
        now: u64,
    ) -> TokenPair {
        let access = IssuedClaims {
            token_type: "access",
            exp: now.saturating_add(self.access_lifetime),
            iat: now,
            jti: token_id,
            user_id: &subject.user_id,
            sid: &subject.session_id,
            scope: &subject.scope,
            generation: None,
            iss: self.issuer.as_deref(),
            aud: self.audience.as_deref(),
        };
        let refresh = IssuedClaims {
            token_type: "refresh",
            exp: generation_began.saturating_add(self.refresh_lifetime),
            iat: generation_began,
            jti: &refresh_token_id(subject),
            generation: Some(subject.generation),
            ..access
        };
        TokenPair {
            access: self.sign(&access),
            refresh: self.sign(&refresh),
        }
    }

    /// Issues a service token as of `now` with the id `token_id`, good for `lifetime` seconds.
    pub(crate) fn issue_service_token(
        &self,
        subject: &ServiceSubject,
        token_id: &str,
        now: u64,
        lifetime: u32,
    ) -> String {
        self.sign(&IssuedClaims {
            token_type: "service",
            exp: now.saturating_add(lifetime.into()),
            iat: now,
            jti: token_id,
            user_id: &subject.account_id,
            sid: &subject.credential_id,
            scope: &subject.scope,
            generation: None,
            iss: self.issuer.as_deref(),
            aud: self.audience.as_deref(),
        })
    }

    /// The token of `claims`, signed by the active key; by the secret if there is none.
    fn sign(&self, claims: &IssuedClaims<'_>) -> String {
        let header = Header::empty().with_token_type("JWT");
        let claims = Claims::new(claims);
        let token = match self.keys.active() {
            Some((id, key)) => Ed25519.token(&header.with_key_id(id), &claims, key),
            None => Hs256.token(&header, &claims, &self.secret),
        };
        token.expect("structures of text and integers can be serialised")
    }
}

/// The same for the same session and generation: 32 hexadecimal digits, as other `jti` are.
fn refresh_token_id(subject: &Subject) -> String {
    let digest = Sha256::new()
        .chain_update(&subject.session_id)
        .chain_update(subject.generation.to_be_bytes())
        .finalize();
    let mut first_half = [0; 16];
    first_half.copy_from_slice(&digest[..16]);
    format!("{:032x}", u128::from_be_bytes(first_half))
}
