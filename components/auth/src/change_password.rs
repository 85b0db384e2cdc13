//! `POST /api/v1/users/change-password`: sets a new password and ends the other sessions.

use std::sync::Arc;

use api::audit::{Act, Actor};
use api::rate_limit::{self, LimitKey};
use api::{ApiError, AuditOrigin, Body, Context, CurrentUser, Success, Unauthenticated};
use axum::extract::State;
use domain::password_violation::problem;
use domain::{FieldErrors, PasswordChangeRequest};
use store::Row;

use crate::current_password;
use crate::hashing::{personal, violations};
use crate::passwords::Verdict;
use crate::state::Auth;
use crate::tell::tell;

pub(crate) async fn change_password(
    State(app): State<Arc<Auth>>,
    caller: CurrentUser,
    context: Context,
    origin: AuditOrigin,
    // Looked at after the attempt is counted: every answer tells the limit.
    body: Result<Body, ApiError>,
) -> Result<Success<()>, ApiError> {
    rate_limit::count(&app, &context, LimitKey::PasswordChange(caller.id)).await?;
    let request = PasswordChangeRequest::parse(&*body?)?;
    let changed = change(&app, &caller, &request, &origin).await?;
    tell(&app, caller.id, &changed).await?;
    Ok(Success::ok("Password changed successfully", ()))
}

/// Verifies the old password and stores the new one; answers what has changed.
///
/// The hash may be replaced in between: by a login that renews an outdated one, or by another
/// change. So the old password is verified once more then.
async fn change(
    app: &Auth,
    caller: &CurrentUser,
    request: &PasswordChangeRequest,
    origin: &AuditOrigin,
) -> Result<Row, ApiError> {
    for _ in 0..2 {
        let (verified, found) = judge(app, caller, request, origin).await?;
        let new_password = request.clone().accept(found)?;
        let password = app.hash(&new_password).await?;
        if let Some(changed) = store_hash(app, caller, &verified, &password, origin).await? {
            return Ok(changed);
        }
    }
    Err(refuse(app, caller, origin).await.into())
}

/// Judges both passwords, as far as they were given: the stored hash, and what is wrong.
async fn judge(
    app: &Auth,
    caller: &CurrentUser,
    request: &PasswordChangeRequest,
    origin: &AuditOrigin,
) -> Result<(String, FieldErrors), ApiError> {
    let account = current_password::account(app, caller)
        .await?
        .ok_or(Unauthenticated::InvalidAccessToken)?;
    let stored: String = account.get("password")?;

    let mut found = FieldErrors::new();
    if let Some(old_password) = &request.old_password
        && matches!(
            app.verify(old_password, Some(&stored)).await?,
            Verdict::Mismatch
        )
    {
        found.merge(refuse(app, caller, origin).await);
    }
    if let Some(new_password) = &request.new_password {
        let is_breached = app.is_breached(new_password).await;
        let violations = violations(new_password, &personal(&account)?, is_breached);
        if let Some(problem) = problem(&violations) {
            found.push("new_password", problem);
        }
    }
    Ok((stored, found))
}

/// No row if the hash is not the one that was verified any longer.
async fn store_hash(
    app: &Auth,
    caller: &CurrentUser,
    verified: &str,
    password: &str,
    origin: &AuditOrigin,
) -> Result<Option<Row>, ApiError> {
    let statement = app.database.statement(include_str!("change_password.sql"));
    Ok(statement
        .bind(caller.id)
        .bind(verified)
        .bind(password)
        .bind(caller.session)
        .bind(app.events.destinations())
        .bind(origin.text())
        .optional()
        .await?)
}

/// Refuses the old password, and writes that down.
async fn refuse(app: &Auth, caller: &CurrentUser, origin: &AuditOrigin) -> FieldErrors {
    let act = Act::refused("authn_password_change_fail", Actor::User(caller.id))
        .to(Some(caller.id.as_uuid()));
    origin.record_refusal(app, &act).await;
    FieldErrors::one("old_password", "Old password is incorrect.")
}
