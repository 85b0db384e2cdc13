//! `GET /api/v1/users/sessions`: where the caller is signed in, a page at a time.

use std::sync::Arc;

use api::{ApiError, CurrentUser, Query, Success};
use axum::extract::State;
use domain::{Device, PageRequest, SessionId};
use serde::Serialize;
use store::{Freshness, Row};

use crate::state::Sessions;

/// A session, as its owner knows it again.
#[derive(Debug, Serialize)]
pub(crate) struct Session {
    id: SessionId,
    device: String,
    user_agent: String,
    ip_address: Option<String>,
    created_at: String,
    last_seen: String,
    expires_at: String,
    is_current: bool,
}

pub(crate) async fn list(
    State(app): State<Arc<Sessions>>,
    caller: CurrentUser,
    query: Query,
) -> Result<Success<Vec<Session>>, ApiError> {
    let page = PageRequest::parse(&query)?;
    let rows = app
        .database
        .read(include_str!("list.sql"), Freshness::Newest)
        .bind(caller.id)
        .bind(page.page)
        .bind(u64::from(page.limit))
        .bind(u64::from(app.refresh_token_lifetime))
        .many()
        .await?;
    let total = rows.first().map_or(Ok(0), |row| row.get("total"))?;
    let sessions: Result<Vec<_>, _> = rows.iter().map(|row| session(row, &caller)).collect();
    Ok(Success::ok("Sessions retrieved successfully", sessions?).with_meta(page.of(total).meta()))
}

fn session(row: &Row, caller: &CurrentUser) -> Result<Session, ApiError> {
    let id = row.get("id")?;
    let user_agent: String = row.get("user_agent")?;
    Ok(Session {
        id,
        device: Device::of(&user_agent).to_string(),
        user_agent,
        ip_address: row.get("ip_address")?,
        created_at: row.get("created_at")?,
        last_seen: row.get("last_seen")?,
        expires_at: row.get("expires_at")?,
        is_current: id == caller.session,
    })
}
