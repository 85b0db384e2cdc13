//! `/api/v1/admin/audit-log`: who did what to whom.

mod export;
mod list;

pub(crate) use export::export;
pub(crate) use list::list;

use api::ApiError;
use domain::{AuditListing, Timestamp};
use store::{Freshness, Row};

use crate::state::Admin;

/// Reads `limit` rows of the trail, one a line.
async fn read(app: &Admin, listing: &AuditListing, limit: u32) -> Result<Row, ApiError> {
    let text = |time: Option<Timestamp>| time.map(|time| time.to_string());
    Ok(app
        .database
        .read(include_str!("list.sql"), Freshness::Newest)
        .bind(listing.action.as_deref())
        .bind(listing.actor)
        .bind(listing.subject)
        .bind(text(listing.since))
        .bind(text(listing.until))
        .bind(listing.after)
        .bind(u64::from(limit))
        .one()
        .await?)
}
