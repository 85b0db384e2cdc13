//! Requests that may be sent again: the header `Idempotency-Key`, and what is kept of a request that has
//! it. The statement of the change keeps that, too: no change is without it, and none is made twice.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use domain::IdempotencyKey;
use http::request::Parts;
use serde_json::Value;
use store::DatabaseError;

use crate::app::Access;
use crate::digest::sha256_hex;
use crate::error::ApiError;

/// The unique constraint that a request breaks which was done before.
const CONSTRAINT: &str = "idempotency_keys_pkey";

/// What the client calls the request, if he gives it a name.
#[derive(Clone, Debug)]
pub struct Idempotency(Option<IdempotencyKey>);

/// What is kept of a request, in hex digits.
#[derive(Clone, Debug)]
pub struct Record {
    /// By what it is found again: SHA-256 of what is asked for, whose key it is, and the key.
    pub id: String,
    /// By what it is told from others: a hash of its body under the key of the keyring, since a password
    /// may be in it.
    pub fingerprint: String,
}

impl Idempotency {
    /// What is kept of a request for `operation` with this `body`; nothing if it has no key. A key is
    /// `subject`'s: others may use the same.
    pub fn record(
        &self,
        access: &Access,
        operation: &str,
        subject: &str,
        body: &Value,
    ) -> Option<Record> {
        let key = self.0.as_ref()?.as_str();
        let signature = access.keyring.sign("idempotency", &body.to_string());
        Some(Record {
            id: sha256_hex(&format!("{operation}\n{subject}\n{key}")),
            fingerprint: sha256_hex(&signature),
        })
    }
}

impl Record {
    /// Whether a statement was refused since a request with the same key was done before.
    pub fn is_known(error: &DatabaseError) -> bool {
        error.violates(CONSTRAINT)
    }
}

impl<S: Send + Sync> FromRequestParts<Arc<S>> for Idempotency {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<S>) -> Result<Self, ApiError> {
        let lines = parts.headers.get_all("idempotency-key");
        let lines: Vec<&[u8]> = lines.iter().map(http::HeaderValue::as_bytes).collect();
        IdempotencyKey::parse(&lines)
            .map(Self)
            .map_err(ApiError::Malformed)
    }
}
