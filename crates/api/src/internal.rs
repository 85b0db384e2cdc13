//! The internal routes' callers: timers and operators, who know the one secret of the setting
//! `internal_secret`. A gateway passes none of these routes on.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use domain::SettingError;
use http::request::Parts;
use sha2::{Digest, Sha256};

use crate::bearer::bearer_token;
use crate::config;
use crate::error::{ApiError, Unauthenticated};

/// The setting.
const NAME: &str = "internal_secret";

/// What is shorter could be guessed.
const SHORTEST: usize = 32;

/// The secret that opens the internal routes, or none: they are not there then.
pub struct InternalSecret(Option<[u8; 32]>);

impl InternalSecret {
    /// Reads the setting.
    ///
    /// # Errors
    /// [`ApiError::Misconfigured`] if it is neither empty nor of 32 bytes at least.
    pub async fn read() -> Result<Self, ApiError> {
        let secret = config::text(NAME).await?;
        match secret.len() {
            0 => Ok(Self(None)),
            SHORTEST.. => Ok(Self(Some(digest(&secret)))),
            _ => {
                let explanation = format!("must have at least {SHORTEST} bytes, or none");
                Err(SettingError::new(NAME, explanation).into())
            }
        }
    }
}

/// Without the digest.
impl fmt::Debug for InternalSecret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("InternalSecret")
    }
}

/// A caller who has shown the internal secret.
#[derive(Debug)]
pub struct InternalCaller;

impl<S> FromRequestParts<Arc<S>> for InternalCaller
where
    S: AsRef<InternalSecret> + Send + Sync,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &Arc<S>) -> Result<Self, ApiError> {
        let InternalSecret(expected) = state.deref().as_ref();
        let expected = expected.ok_or(ApiError::NoRoute)?;
        // Digests are compared, so the time that it takes tells nothing of the secret.
        if digest(bearer_token(&parts.headers)?) == expected {
            Ok(Self)
        } else {
            Err(Unauthenticated::InvalidAccessToken.into())
        }
    }
}

fn digest(secret: &str) -> [u8; 32] {
    Sha256::digest(secret).into()
}
