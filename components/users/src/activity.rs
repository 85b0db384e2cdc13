//! `GET /api/v1/users/activity`: what was done to the caller's account, by whom and from where, a
//! page at a time.

use std::sync::Arc;

use api::{ApiError, CurrentUser, Document, Query, Success};
use axum::extract::State;
use domain::{Device, PageRequest};
use serde::Serialize;
use store::{Freshness, Row};

use crate::state::Users;

/// How far back it goes: the export says more.
const MOST: u64 = 1_000;

/// A row of the audit trail, as far as it is the user's business.
#[derive(Debug, Serialize)]
pub(crate) struct Act {
    id: String,
    action: String,
    outcome: String,
    by: String,
    ip_address: Option<String>,
    device: Option<String>,
    details: Document,
    occurred_at: String,
}

pub(crate) async fn activity(
    State(app): State<Arc<Users>>,
    caller: CurrentUser,
    query: Query,
) -> Result<Success<Vec<Act>>, ApiError> {
    let page = PageRequest::parse(&query)?;
    let rows = app
        .database
        .read(include_str!("activity.sql"), Freshness::Newest)
        .bind(caller.id)
        .bind(page.page)
        .bind(u64::from(page.limit))
        .bind(MOST)
        .many()
        .await?;
    let total = rows.first().map_or(Ok(0), |row| row.get("total"))?;
    let acts: Result<Vec<_>, _> = rows.iter().map(act).collect();
    Ok(Success::ok("Activity retrieved successfully", acts?).with_meta(page.of(total).meta()))
}

fn act(row: &Row) -> Result<Act, ApiError> {
    let user_agent: Option<String> = row.get("user_agent")?;
    Ok(Act {
        id: row.get("id")?,
        action: row.get("action")?,
        outcome: row.get("outcome")?,
        by: row.get("by")?,
        ip_address: row.get("ip_address")?,
        device: user_agent.map(|user_agent| Device::of(&user_agent).to_string()),
        details: Document::from_row(row, "details")?,
        occurred_at: row.get("occurred_at")?,
    })
}
