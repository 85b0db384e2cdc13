//! `/api/v1/unsubscribe/{link}`: signed links in messages, by which anybody who holds one stops
//! messages of its kind (RFC 8058). Nobody needs to be signed in.

mod post;
mod show;

pub(crate) use post::post;
pub(crate) use show::show;

use std::sync::Arc;

use api::ApiError;
use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use domain::unsubscribe::UnsubscribeTarget;

use crate::state::Users;

/// What a link in the URL unsubscribes from, if the link is one of ours.
pub(crate) struct Link(UnsubscribeTarget);

impl FromRequestParts<Arc<Users>> for Link {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<Users>) -> Result<Self, ApiError> {
        let segment = Path::<String>::from_request_parts(parts, app).await;
        segment
            .ok()
            .and_then(|Path(link)| app.unsubscribe_links.target_of(app, &link))
            .map(Self)
            .ok_or(ApiError::NotFound("Link"))
    }
}
