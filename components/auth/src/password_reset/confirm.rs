//! `POST /api/v1/auth/password-reset/confirm`: sets a new password by what was sent to the
//! account's address, and ends all sessions.

use std::sync::Arc;

use api::audit::{Act, Actor};
use api::{ApiError, AuditOrigin, Body, Client, Context, Success};
use axum::extract::State;
use domain::password_violation::problem;
use domain::{AccountProof, FieldErrors, PasswordReset};
use store::Row;

use crate::account_tokens::{self, Found, Purpose};
use crate::hashing::violations;
use crate::state::Auth;
use crate::tell::tell;

pub(crate) async fn confirm(
    State(app): State<Arc<Auth>>,
    client: Client,
    context: Context,
    origin: AuditOrigin,
    // Looked at after the attempt is counted: every answer tells the limit.
    body: Result<Body, ApiError>,
) -> Result<Success<()>, ApiError> {
    account_tokens::count_for_client(&app, &context, &client).await?;
    let reset = PasswordReset::parse(&*body?)?;
    account_tokens::count_code(&app, &context, &reset.proof).await?;
    let found = judge(&app, &reset, &origin).await?;
    context.note_user(found.user);
    let password = app.hash(&reset.new_password).await?;
    match set(&app, &found, &password, &origin).await? {
        Some(changed) => tell(&app, found.user, &changed).await?,
        // Somebody else has used it meanwhile.
        None => return Err(refuse(&app, &reset.proof, &origin).await.into()),
    }
    Ok(Success::ok("Password reset successfully", ()))
}

/// The token, if it is good and so is the new password; or else all that is wrong.
async fn judge(app: &Auth, reset: &PasswordReset, origin: &AuditOrigin) -> Result<Found, ApiError> {
    let found = account_tokens::find(app, &reset.proof, Purpose::PasswordReset).await?;
    let mut errors = FieldErrors::new();
    if found.is_none() {
        errors.merge(refuse(app, &reset.proof, origin).await);
    }
    let personal = found.as_ref().map_or(&[][..], |found| &found.personal);
    let is_breached = app.is_breached(&reset.new_password).await;
    let violations = violations(&reset.new_password, personal, is_breached);
    if let Some(problem) = problem(&violations) {
        errors.push("new_password", problem);
    }
    match found {
        Some(found) if errors.is_empty() => Ok(found),
        _ => Err(errors.into()),
    }
}

/// No row if the token is not good any more.
async fn set(
    app: &Auth,
    found: &Found,
    password: &str,
    origin: &AuditOrigin,
) -> Result<Option<Row>, ApiError> {
    let statement = app.database.statement(include_str!("confirm.sql"));
    Ok(statement
        .bind(found.id)
        .bind(found.user)
        .bind(password)
        .bind(app.events.destinations())
        .bind(origin.text())
        .optional()
        .await?)
}

/// Refuses the proof, and writes that down.
async fn refuse(app: &Auth, proof: &AccountProof, origin: &AuditOrigin) -> FieldErrors {
    let act = Act::refused("authn_password_reset_fail", Actor::Anonymous);
    origin.record_refusal(app, &act).await;
    proof.refusal()
}
