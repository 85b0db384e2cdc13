//! `GET /api/v1/users/export`: everything that is known of the caller (GDPR, articles 15 and 20).

use std::sync::Arc;

use api::rate_limit::{self, LimitKey};
use api::{ApiError, AuditOrigin, Context, CurrentUser, Document, Success, Unauthenticated};
use axum::extract::State;

use crate::state::Users;

/// Most entries of a part; the manifest says whether there are more.
const MOST: u64 = 5_000;

pub(crate) async fn export(
    State(app): State<Arc<Users>>,
    caller: CurrentUser,
    context: Context,
    origin: AuditOrigin,
) -> Result<Success<Document>, ApiError> {
    rate_limit::count(&app, &context, LimitKey::Export(caller.id)).await?;
    let row = app
        .database
        .statement(include_str!("export.sql"))
        .bind(caller.id)
        .bind(MOST)
        .bind(origin.text())
        .optional()
        .await?
        .ok_or(Unauthenticated::InvalidAccessToken)?;
    let document = Document::from_row(&row, "document")?;
    Ok(Success::ok("Account exported successfully", document))
}
