//! `POST /api/v1/services/unsubscribe-links`: a link for a message to a user, by which he stops messages
//! of its kind with one click (RFC 8058).

use std::sync::Arc;

use api::service_caller::permission;
use api::{ApiError, Body, CurrentService, Success};
use axum::extract::State;
use domain::unsubscribe::UnsubscribeTarget;
use serde::Serialize;

use crate::state::Services;

/// The link.
#[derive(Debug, Serialize)]
pub(crate) struct Link {
    /// What the headers `List-Unsubscribe` and `List-Unsubscribe-Post` are made of; none while the
    /// setting `public_url` is empty.
    url: Option<String>,
    /// Its path on the public host.
    path: String,
}

pub(crate) async fn create(
    State(app): State<Arc<Services>>,
    _: CurrentService<permission::UnsubscribeLink>,
    body: Body,
) -> Result<Success<Link>, ApiError> {
    let target = UnsubscribeTarget::from_json(&body)?;
    let link = app.unsubscribe_links.link_of(&app, target);
    let path = format!("/api/v1/unsubscribe/{link}");
    let url = app.public_url.as_ref().map(|host| host.join(&path));
    Ok(Success::created(
        "Link created successfully",
        Link { url, path },
    ))
}
