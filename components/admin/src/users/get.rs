//! `GET /api/v1/admin/users/{id}`: one user with his profile, sessions and devices.

use std::sync::Arc;

use api::staff::permission::UsersRead;
use api::{ApiError, CurrentStaff, Document, Success};
use axum::extract::{Path, State};
use domain::UserId;
use serde_json::Value;
use store::{Freshness, Row};

use super::USER;
use super::view::visible;
use crate::state::Admin;

/// The parts of the answer beside the fields of the user, with the columns that they come from.
const PARTS: [(&str, &str); 3] = [
    ("profile", "profile_document"),
    ("sessions", "session_documents"),
    ("push_tokens", "push_token_documents"),
];

pub(crate) async fn get(
    State(app): State<Arc<Admin>>,
    caller: CurrentStaff<UsersRead>,
    Path(id): Path<String>,
) -> Result<Success<Value>, ApiError> {
    let id = UserId::parse(&id).map_err(|_| USER)?;
    let row = app
        .database
        .read(include_str!("get.sql"), Freshness::Newest)
        .bind(id)
        .optional()
        .await?
        .ok_or(USER)?;
    let user = visible(&caller, document(&row)?);
    Ok(Success::ok("User retrieved successfully", user))
}

fn document(row: &Row) -> Result<Value, ApiError> {
    let mut user = Document::from_row(row, "user_document")?.to_fields()?;
    for (name, column) in PARTS {
        let part = Document::from_row(row, column)?.to_value()?;
        user.insert(name.to_owned(), part);
    }
    Ok(Value::Object(user))
}
