//! The end of an account after a grace period: `DELETE /api/v1/users/account` where the setting
//! `deletion_grace_days` is not 0.

use api::{ApiError, AuditOrigin, CurrentUser};
use serde::Serialize;
use store::Row;

use crate::account_tokens::Purpose;
use crate::state::Auth;
use crate::tell::tell;

/// When the account is erased.
#[derive(Debug, Serialize)]
pub(crate) struct Scheduled {
    erase_at: String,
}

/// Has the caller's account erased later and ends his sessions; nothing if his password is no
/// longer the one that was `verified`.
///
/// # Errors
/// [`ApiError::LastAdministrator`] if nobody else is one who stays; [`ApiError::Database`].
pub(crate) async fn schedule(
    app: &Auth,
    caller: &CurrentUser,
    verified: &str,
    origin: &AuditOrigin,
) -> Result<Option<Scheduled>, ApiError> {
    let Some(row) = write(app, caller, verified, origin).await? else {
        return Ok(None);
    };
    tell(app, caller.id, &row).await?;
    Ok(Some(Scheduled {
        erase_at: row.get("erase_at")?,
    }))
}

async fn write(
    app: &Auth,
    caller: &CurrentUser,
    verified: &str,
    origin: &AuditOrigin,
) -> Result<Option<Row>, ApiError> {
    let new = app.new_token(Purpose::DeletionCancel, "");
    let statement = app.database.statement(include_str!("schedule.sql"));
    Ok(statement
        .bind(caller.id)
        .bind(verified)
        .bind(app.token_lifetime(Purpose::DeletionCancel))
        .bind(new.token_hash)
        .bind(new.token)
        .bind(app.events.destinations())
        .bind(origin.text())
        .optional()
        .await?)
}
