//! `GET /api/v1/unsubscribe/{link}`: asks whether to unsubscribe. It changes nothing: what scans mail
//! follows links.

use std::sync::Arc;

use api::{ApiError, Client, Context, Page, rate_limit};
use axum::extract::State;
use domain::unsubscribe::{Subscription, confirmation_page};

use super::Link;
use crate::state::Users;

pub(crate) async fn show(
    State(app): State<Arc<Users>>,
    client: Client,
    context: Context,
    link: Result<Link, ApiError>,
) -> Result<Page, ApiError> {
    rate_limit::count_anonymous(&app, &context, &client).await?;
    let Link(target) = link?;
    Ok(Page(confirmation_page(target, Subscription::On)))
}
