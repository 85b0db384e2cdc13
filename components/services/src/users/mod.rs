//! `/api/v1/services/users`: users, as other services need them.

mod get;
mod lookup;
mod preferences;
mod push_tokens;

pub(crate) use get::get;
pub(crate) use lookup::lookup;
pub(crate) use preferences::preferences;
pub(crate) use push_tokens::push_tokens;

use api::{ApiError, Context, Document, user_document};
use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use domain::UserId;
use store::Freshness;
use store::user_cache::CachedDocument;

use crate::state::Services;

/// What a 404 calls the object.
const USER: &str = "User";

/// The identifier in a URL; a malformed one is as good as an unknown one.
pub(crate) struct Id(UserId);

impl<S: Send + Sync> FromRequestParts<S> for Id {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let segment = Path::<String>::from_request_parts(parts, state).await;
        segment
            .ok()
            .and_then(|Path(id)| UserId::parse(&id).ok())
            .map(Self)
            .ok_or(ApiError::NotFound(USER))
    }
}

/// A document of `user`, from the cache if it is there.
async fn document(
    app: &Services,
    context: &Context,
    user: UserId,
    document: CachedDocument,
) -> Result<Document, ApiError> {
    let cached = app.cache.document(user, document).await.ok().flatten();
    let cached = cached.and_then(|text| Document::new(text).ok());
    context.note_cache(document.name(), cached.is_some());
    if let Some(cached) = cached {
        return Ok(cached);
    }
    user_document::read(app, user, document, Freshness::Recent)
        .await?
        .ok_or(ApiError::NotFound(USER))
}
