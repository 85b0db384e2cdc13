//! `DELETE /api/v1/users/account`: erases the caller's account with all that belongs to it, at once
//! or after a grace period.

use std::sync::Arc;

use api::rate_limit::{self, LimitKey};
use api::{ApiError, AuditOrigin, Body, Context, CurrentUser, Success};
use axum::extract::State;
use domain::AccountDeletion;
use store::Row;
use store::user_cache::Change;

use crate::account_deletion::{Scheduled, schedule};
use crate::current_password;
use crate::state::Auth;

/// What the audit trail calls it.
const ACTION: &str = "user_deleted";

pub(crate) async fn delete_account(
    State(app): State<Arc<Auth>>,
    caller: CurrentUser,
    context: Context,
    origin: AuditOrigin,
    // Looked at after the attempt is counted: every answer tells the limit.
    body: Result<Body, ApiError>,
) -> Result<Success<Option<Scheduled>>, ApiError> {
    // Who guesses passwords here is limited as he is at changing one.
    rate_limit::count(&app, &context, LimitKey::PasswordChange(caller.id)).await?;
    let deletion = AccountDeletion::parse(&*body?)?;
    let verified =
        current_password::verify(&app, &caller, &deletion.password, &origin, ACTION).await?;
    if app.deletion_grace_days > 0 {
        return match schedule(&app, &caller, &verified, &origin).await? {
            Some(scheduled) => Ok(Success::ok("Account will be deleted", Some(scheduled))),
            None => Err(current_password::refuse(&app, &caller, &origin, ACTION).await),
        };
    }
    let erased = erase(&app, &caller, &verified, &origin).await?;
    tell(&app, &caller, &erased).await?;
    Ok(Success::ok("Account deleted successfully", None))
}

async fn erase(
    app: &Auth,
    caller: &CurrentUser,
    verified: &str,
    origin: &AuditOrigin,
) -> Result<Row, ApiError> {
    let erased = app
        .database
        .statement(include_str!("delete_account.sql"))
        .bind(caller.id)
        .bind(verified)
        .bind(app.events.destinations())
        .bind(origin.text())
        .optional()
        .await?;
    match erased {
        Some(row) => Ok(row),
        None => Err(current_password::refuse(app, caller, origin, ACTION).await),
    }
}

/// Tells Redis to forget the user and whom events go to.
async fn tell(app: &Auth, caller: &CurrentUser, erased: &Row) -> Result<(), ApiError> {
    let mut told = Change::all_outdated(erased.get("version")?);
    told.extend(app.revoked(erased.get("ended_sessions")?));
    app.cache.apply_or_note(caller.id, told).await;
    app.events.deliver_soon([caller.id]);
    Ok(())
}
