//! `GET /api/v1/admin/audit-log/export`: rows of the audit trail as NDJSON, a JSON object a line. Where
//! there are more, the last line's `id` as `after` goes on.

use std::sync::Arc;

use api::staff::permission::AuditRead;
use api::{ApiError, CurrentStaff, Query};
use axum::extract::State;
use axum::response::IntoResponse;
use domain::AuditListing;
use http::header;

use super::read;
use crate::state::Admin;

/// The most lines of an answer.
const MOST: u32 = 10_000;

pub(crate) async fn export(
    State(app): State<Arc<Admin>>,
    _: CurrentStaff<AuditRead>,
    query: Query,
) -> Result<impl IntoResponse, ApiError> {
    let listing = AuditListing::parse(&query)?;
    let mut lines: String = read(&app, &listing, MOST).await?.get("lines")?;
    if !lines.is_empty() {
        lines.push('\n');
    }
    let headers = [
        (header::CONTENT_TYPE, "application/x-ndjson"),
        (header::CACHE_CONTROL, "no-store"),
        (
            header::CONTENT_DISPOSITION,
            r#"attachment; filename="audit-log.ndjson""#,
        ),
    ];
    Ok((headers, lines))
}
