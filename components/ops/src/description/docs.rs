//! `GET /api/docs`: the description of this service as a page, to read and to try (Swagger UI). Its
//! assets come with the build; it needs no other host.

use std::sync::Arc;

use api::{ApiError, Client, Context, rate_limit};
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, header};

use crate::state::Ops;
use crate::static_file::{ASSETS, PAGE};

/// What the page may do (CSP Level 3): run and show what comes from here, draw the pictures in its style
/// sheet, and ask this service. No script in the page itself, no other host, no frame around it.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    img-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The page may be kept, and is asked for again each time: it names the assets.
const ASK_AGAIN: &str = "public, no-cache";

/// Another content has another name.
const KEEP: &str = "public, max-age=31536000, immutable";

pub(crate) async fn page(
    State(app): State<Arc<Ops>>,
    client: Client,
    context: Context,
    request: HeaderMap,
) -> Result<impl IntoResponse, ApiError> {
    rate_limit::count_anonymous(&app, &context, &client).await?;
    let policy = [(header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY)];
    Ok((policy, PAGE.answer(&request, ASK_AGAIN)))
}

/// `GET /api/docs/{asset}`: what the page is made of.
pub(crate) async fn asset(
    State(app): State<Arc<Ops>>,
    client: Client,
    context: Context,
    name: Result<Path<String>, PathRejection>,
    request: HeaderMap,
) -> Result<Response, ApiError> {
    rate_limit::count_anonymous(&app, &context, &client).await?;
    let Path(name) = name.map_err(|_| ApiError::NoRoute)?;
    ASSETS
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, file)| file.answer(&request, KEEP))
        .ok_or(ApiError::NoRoute)
}
