//! `GET /api/schema`: the description of the API, as `openapi.json` has it.

use std::sync::Arc;

use api::{ApiError, Client, Context, rate_limit};
use axum::extract::State;
use axum::response::Response;
use http::HeaderMap;

use crate::state::Ops;
use crate::static_file::SCHEMA;

/// How long it may be kept: it changes with a release only.
const CACHE_CONTROL: &str = "public, max-age=300";

pub(crate) async fn schema(
    State(app): State<Arc<Ops>>,
    client: Client,
    context: Context,
    request: HeaderMap,
) -> Result<Response, ApiError> {
    rate_limit::count_anonymous(&app, &context, &client).await?;
    Ok(SCHEMA.answer(&request, CACHE_CONTROL))
}
