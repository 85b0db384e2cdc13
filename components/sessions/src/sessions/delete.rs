//! `DELETE /api/v1/users/sessions/{id}`: ends a session of the caller, perhaps the one that he
//! calls by.

use std::sync::Arc;

use api::{ApiError, AuditOrigin, CurrentUser};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::SessionId;

use super::SESSION;
use crate::logout::end;
use crate::state::Sessions;

pub(crate) async fn delete(
    State(app): State<Arc<Sessions>>,
    caller: CurrentUser,
    Path(id): Path<String>,
    origin: AuditOrigin,
) -> Result<StatusCode, ApiError> {
    // A malformed identifier is as good as an unknown one.
    let session = SessionId::parse(&id).map_err(|_| ApiError::NotFound(SESSION))?;
    if end(&app, caller.id, session, &origin).await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(ApiError::NotFound(SESSION))
    }
}
