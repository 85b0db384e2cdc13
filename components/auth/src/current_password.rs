//! The caller's password once more: what nobody may do who has only found a session open.

use api::audit::{Act, Actor};
use api::{ApiError, AuditOrigin, CurrentUser, Unauthenticated};
use domain::{FieldErrors, Password};
use store::{Freshness, Row};

use crate::passwords::Verdict;
use crate::state::Auth;

/// The stored hash, and what a new password must not resemble.
pub(crate) async fn account(app: &Auth, caller: &CurrentUser) -> Result<Option<Row>, ApiError> {
    let statement = app
        .database
        .read(include_str!("current_password.sql"), Freshness::Newest);
    Ok(statement.bind(caller.id).optional().await?)
}

/// The stored hash, if the password matches it; or else `action` is refused.
pub(crate) async fn verify(
    app: &Auth,
    caller: &CurrentUser,
    password: &Password,
    origin: &AuditOrigin,
    action: &'static str,
) -> Result<String, ApiError> {
    let account = account(app, caller)
        .await?
        .ok_or(Unauthenticated::InvalidAccessToken)?;
    let stored: String = account.get("password")?;
    match app.verify(password, Some(&stored)).await? {
        Verdict::Mismatch => Err(refuse(app, caller, origin, action).await),
        Verdict::Current | Verdict::Outdated(_) => Ok(stored),
    }
}

/// Refuses the password, and writes down for which action.
pub(crate) async fn refuse(
    app: &Auth,
    caller: &CurrentUser,
    origin: &AuditOrigin,
    action: &'static str,
) -> ApiError {
    let act = Act::refused(action, Actor::User(caller.id)).to(Some(caller.id.as_uuid()));
    origin.record_refusal(app, &act).await;
    FieldErrors::one("password", "Password is incorrect.").into()
}
