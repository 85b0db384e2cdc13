//! `/api/v1/admin/service-accounts`: who of the other services may call this one, and for what.

mod create;
mod disable;
mod list;
mod permit;
mod rotate;

pub(crate) use create::create;
pub(crate) use disable::disable;
pub(crate) use list::list;
pub(crate) use permit::permit;
pub(crate) use rotate::rotate;

use api::digest::sha256_hex;
use api::{ApiError, random};
use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use domain::{ClientSecret, ServiceName, ServicePermission};

/// There is no such account that is in use.
const SERVICE_ACCOUNT: ApiError = ApiError::NotFound("Service account");

/// The name in a URL; a malformed one is as good as an unknown one.
pub(crate) struct Name(ServiceName);

impl<S: Send + Sync> FromRequestParts<S> for Name {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let segment = Path::<String>::from_request_parts(parts, state).await;
        segment
            .ok()
            .and_then(|Path(name)| name.parse().ok())
            .map(Self)
            .ok_or(SERVICE_ACCOUNT)
    }
}

/// A new secret, and what is stored of it.
struct Secret {
    text: String,
    hash: String,
}

impl Secret {
    /// As `cargo xtask service-account` makes them: 256 random bits.
    fn random() -> Self {
        let text = format!("{}{}", ClientSecret::PREFIX, random::hex::<32>());
        Self {
            hash: sha256_hex(&text),
            text,
        }
    }
}

fn names(permissions: &[ServicePermission]) -> Vec<String> {
    permissions.iter().map(ToString::to_string).collect()
}
