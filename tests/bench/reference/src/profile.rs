//! `GET /api/v1/users/profile`

use std::sync::Arc;

use axum::extract::State;
use http::{HeaderMap, StatusCode};

use crate::answer::{Answer, success};
use crate::app::App;
use crate::cache::Change;
use crate::caller::{Caller, tell_later};

pub(crate) async fn get(State(app): State<Arc<App>>, headers: HeaderMap) -> Answer {
    let caller = Caller::of(&app, &headers, Some("user")).await?;
    if let Some(document) = caller.cached {
        return success(
            StatusCode::OK,
            "User profile retrieved from cache",
            &document,
        );
    }
    let sql = include_str!("../../../../crates/api/src/user_document/user.sql");
    let row = app.row(sql, &[&caller.id]).await?;
    let document: String = row.try_get("user_document")?;
    let fill = Change::Document("user", row.try_get("version")?, Some(document.clone()));
    tell_later(&app, caller.id, fill);
    success(
        StatusCode::OK,
        "User profile retrieved successfully",
        &document,
    )
}
