//! `GET /api/v1/admin/audit-log`: the newest rows of the audit trail, `limit` of them behind the row
//! `after`.

use std::sync::Arc;

use api::staff::permission::AuditRead;
use api::{ApiError, CurrentStaff, Document, Query, Success};
use axum::extract::State;
use domain::{AuditListing, Meta};

use super::read;
use crate::state::Admin;

pub(crate) async fn list(
    State(app): State<Arc<Admin>>,
    _: CurrentStaff<AuditRead>,
    query: Query,
) -> Result<Success<Document>, ApiError> {
    let listing = AuditListing::parse(&query)?;
    let row = read(&app, &listing, listing.limit).await?;
    let lines: String = row.get("lines")?;
    let entries = Document::new(format!("[{}]", lines.replace('\n', ",")))?;
    let meta = Meta {
        limit: listing.limit,
        has_next: row.get("has_more")?,
        has_previous: listing.after.is_some(),
        ..Meta::none()
    };
    Ok(Success::ok("Audit trail retrieved successfully", entries).with_meta(meta))
}
