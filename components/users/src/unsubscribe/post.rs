//! `POST /api/v1/unsubscribe/{link}`: unsubscribes, with `List-Unsubscribe=One-Click` as the body (RFC
//! 8058, section 3.1). It may be repeated.

use std::sync::Arc;

use api::{ApiError, AuditOrigin, Client, Context, Page, RawBody, rate_limit};
use axum::extract::State;
use domain::unsubscribe::{Subscription, UnsubscribeTarget, confirmation_page, is_one_click};
use store::user_cache::Change;

use super::Link;
use crate::state::Users;

pub(crate) async fn post(
    State(app): State<Arc<Users>>,
    client: Client,
    context: Context,
    origin: AuditOrigin,
    link: Result<Link, ApiError>,
    body: RawBody,
) -> Result<Page, ApiError> {
    rate_limit::count_anonymous(&app, &context, &client).await?;
    let Link(target) = link?;
    if !is_one_click(&body.content_type, &body.bytes) {
        return Err(ApiError::Malformed(
            "The body must be the form List-Unsubscribe=One-Click.".into(),
        ));
    }
    unsubscribe(&app, target, &origin).await?;
    Ok(Page(confirmation_page(target, Subscription::Off)))
}

/// Switches the messages off. Of a user who is gone there is nothing to switch, and nobody is told.
async fn unsubscribe(
    app: &Users,
    target: UnsubscribeTarget,
    origin: &AuditOrigin,
) -> Result<(), ApiError> {
    let user = target.user();
    let switch = format!(
        "{} {}",
        target.channel().as_str(),
        target.category().as_str()
    );
    let row = app
        .database
        .statement(include_str!("unsubscribe.sql"))
        .bind(user)
        .bind(switch)
        .bind(app.events.destinations())
        .bind(origin.text())
        .optional()
        .await?;
    if let Some(row) = row {
        let told = Change::all_outdated(row.get("version")?);
        app.cache.apply_or_note(user, told).await;
        app.events.deliver_soon([user]);
    }
    Ok(())
}
