//! `POST /api/v1/users/change-password`: sets a new password and ends the other sessions.

use std::sync::Arc;

use api::rate_limit::StrictLimit;
use api::{ApiError, Body, Context, CurrentUser, Success, Unauthenticated};
use axum::extract::State;
use domain::password_violation::problem;
use domain::{FieldErrors, PasswordChange, SessionId};
use store::Row;
use store::user_cache::{Change, Document};

use crate::hashing::violations;
use crate::passwords::Verdict;
use crate::state::Auth;

pub(crate) async fn change_password(
    State(app): State<Arc<Auth>>,
    caller: CurrentUser,
    context: Context,
    // Looked at after the attempt is counted: every answer tells the limit.
    body: Result<Body, ApiError>,
) -> Result<Success<()>, ApiError> {
    limit(&app)
        .count(&app, &context, &caller.id.to_string())
        .await?;
    let change = PasswordChange::parse(&*body?)?;
    let verified = verify(&app, &caller, &change).await?;
    let password = app.hash(&change.new_password).await?;

    let changed = store_hash(&app, &caller, &verified, &password).await?;
    let ended: Vec<SessionId> = changed.get("ended_sessions")?;
    let mut told = vec![Change::outdated(Document::User, changed.get("version")?)];
    told.extend(
        ended
            .into_iter()
            .map(|id| Change::Revoked(id, app.access_token_lifetime)),
    );
    app.cache.apply_or_repeat(caller.id, told).await;
    Ok(Success::ok("Password changed successfully", ()))
}

fn limit(app: &Auth) -> StrictLimit {
    StrictLimit {
        name: "password_change",
        limit: app.rate_limits.password_change,
        attempts: "password change attempts",
    }
}

/// Judges both passwords, and answers the hash that the old one matches.
async fn verify(
    app: &Auth,
    caller: &CurrentUser,
    change: &PasswordChange,
) -> Result<String, ApiError> {
    let account = app
        .database
        .statement(include_str!("change_password_account.sql"))
        .bind(caller.id)
        .optional()
        .await?
        .ok_or(Unauthenticated::InvalidAccessToken)?;
    let stored: String = account.get("password")?;

    let mut errors = FieldErrors::new();
    if matches!(
        app.verify(&change.old_password, Some(&stored)).await?,
        Verdict::Mismatch
    ) {
        errors.merge(wrong_old_password());
    }
    if let Some(problem) = problem(&violations(&change.new_password, &personal(&account)?)) {
        errors.push("new_password", problem);
    }
    errors.into_result()?;
    Ok(stored)
}

/// What the new password must not resemble.
fn personal(account: &Row) -> Result<Vec<String>, ApiError> {
    let email: String = account.get("email")?;
    let local_part = email
        .rsplit_once('@')
        .map_or(&*email, |(local_part, _)| local_part);
    Ok(vec![
        local_part.to_owned(),
        account.get("first_name")?,
        account.get("last_name")?,
    ])
}

async fn store_hash(
    app: &Auth,
    caller: &CurrentUser,
    verified: &str,
    password: &str,
) -> Result<Row, ApiError> {
    app.database
        .statement(include_str!("change_password.sql"))
        .bind(caller.id)
        .bind(verified)
        .bind(password)
        .bind(caller.session)
        .optional()
        .await?
        .ok_or_else(|| wrong_old_password().into())
}

fn wrong_old_password() -> FieldErrors {
    FieldErrors::one("old_password", "Old password is incorrect.")
}
