//! `GET /api/v1/admin/service-accounts`: the accounts by name, `limit` of them behind the name `after`.

use std::sync::Arc;

use api::staff::permission::ServicesRead;
use api::{ApiError, CurrentStaff, Document, Query, Success};
use axum::extract::State;
use domain::{Meta, ServiceAccountListing, ServiceName};
use store::Freshness;

use crate::state::Admin;

pub(crate) async fn list(
    State(app): State<Arc<Admin>>,
    _: CurrentStaff<ServicesRead>,
    query: Query,
) -> Result<Success<Document>, ApiError> {
    let ServiceAccountListing { after, limit } = ServiceAccountListing::parse(&query)?;
    let row = app
        .database
        .read(include_str!("list.sql"), Freshness::Newest)
        .bind(after.as_ref().map(ServiceName::as_str))
        .bind(u64::from(limit))
        .one()
        .await?;
    let accounts = Document::from_row(&row, "documents")?;
    let meta = Meta {
        limit,
        has_next: row.get("has_more")?,
        has_previous: after.is_some(),
        ..Meta::none()
    };
    Ok(Success::ok("Service accounts retrieved successfully", accounts).with_meta(meta))
}
