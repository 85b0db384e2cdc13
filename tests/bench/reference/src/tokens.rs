//! Tokens, as the service issues and verifies them.

use anyhow::{Context, Result, ensure};
use http::{HeaderMap, header};
use jwt_compact::alg::Hs256;
use jwt_compact::{AlgorithmExt, Claims, Header, Token, UntrustedToken};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::app::{App, now, unique_name};

/// Seconds that an access token is good for.
const ACCESS_LIFETIME: u64 = 3_600;
/// Seconds that a refresh token is good for.
const REFRESH_LIFETIME: u64 = 604_800;

/// What a token says.
#[derive(Debug, Deserialize)]
pub(crate) struct Presented {
    token_type: String,
    pub(crate) user_id: Uuid,
    pub(crate) sid: Uuid,
    pub(crate) jti: String,
    #[serde(default, rename = "gen")]
    pub(crate) generation: i64,
}

/// A pair of tokens.
#[derive(Debug, Serialize)]
pub(crate) struct Pair {
    refresh: String,
    access: String,
}

#[derive(Serialize)]
struct Issued<'a> {
    token_type: &'static str,
    exp: u64,
    iat: u64,
    jti: String,
    user_id: Uuid,
    sid: Uuid,
    scope: &'a str,
    #[serde(rename = "gen", skip_serializing_if = "Option::is_none")]
    generation: Option<i64>,
}

impl App {
    /// Verifies the bearer token of a request.
    ///
    /// # Errors
    /// If there is none, or it is not good.
    pub(crate) fn bearer(&self, headers: &HeaderMap, token_type: &str) -> Result<Presented> {
        let value = headers
            .get(header::AUTHORIZATION)
            .context("no credentials")?;
        let token = value.to_str()?.strip_prefix("Bearer ");
        self.verify(token.context("no bearer token")?, token_type)
    }

    /// Verifies a token.
    ///
    /// # Errors
    /// If it is not good.
    pub(crate) fn verify(&self, token: &str, token_type: &str) -> Result<Presented> {
        let token = UntrustedToken::new(token)?;
        let token: Token<Presented> = Hs256.validator(&self.key).validate(&token)?;
        let expiration = token.claims().expiration.context("no exp")?;
        ensure!(
            u64::try_from(expiration.timestamp())? > now(),
            "the token has expired"
        );
        let presented = token.into_parts().1.custom;
        ensure!(
            presented.token_type == token_type,
            "a token of another type"
        );
        Ok(presented)
    }

    /// Issues the tokens of a session.
    ///
    /// # Errors
    /// If there are no random bytes.
    pub(crate) fn issue(&self, user_id: Uuid, sid: Uuid, generation: i64) -> Result<Pair> {
        let token = |token_type, lifetime, generation| {
            let issued = Issued {
                token_type,
                exp: now() + lifetime,
                iat: now(),
                jti: unique_name()?,
                user_id,
                sid,
                scope: "user",
                generation,
            };
            let header = Header::empty().with_token_type("JWT");
            anyhow::Ok(Hs256.token(&header, &Claims::new(issued), &self.key)?)
        };
        Ok(Pair {
            refresh: token("refresh", REFRESH_LIFETIME, Some(generation))?,
            access: token("access", ACCESS_LIFETIME, None)?,
        })
    }
}
