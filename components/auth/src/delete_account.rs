//! `DELETE /api/v1/users/account`: erases the caller's account with all that belongs to it, at once
//! or after a grace period.

use std::sync::Arc;

use api::audit::{Act, Actor};
use api::{ApiError, Body, Context, CurrentUser, Origin, Success, Unauthenticated};
use axum::extract::State;
use domain::{AccountDeletion, FieldErrors, Password, SessionId};
use store::Row;
use store::user_cache::{Change, Document};

use crate::account_deletion::{Scheduled, schedule};
use crate::change_password;
use crate::passwords::Verdict;
use crate::state::Auth;

/// What the audit trail calls it.
const ACTION: &str = "user_deleted";

pub(crate) async fn delete_account(
    State(app): State<Arc<Auth>>,
    caller: CurrentUser,
    context: Context,
    origin: Origin,
    // Looked at after the attempt is counted: every answer tells the limit.
    body: Result<Body, ApiError>,
) -> Result<Success<Option<Scheduled>>, ApiError> {
    // Who guesses passwords here is limited as he is at changing one.
    change_password::limit(&app)
        .count(&app, &context, &caller.id.to_string())
        .await?;
    let deletion = AccountDeletion::parse(&*body?)?;
    let verified = verify(&app, &caller, &deletion.password, &origin, ACTION).await?;
    if app.deletion_grace_days > 0 {
        return match schedule(&app, &caller, &verified, &origin).await? {
            Some(scheduled) => Ok(Success::ok("Account will be deleted", Some(scheduled))),
            None => Err(refuse(&app, &caller, &origin, ACTION).await),
        };
    }
    let erased = erase(&app, &caller, &verified, &origin).await?;
    tell(&app, &caller, &erased).await?;
    Ok(Success::ok("Account deleted successfully", None))
}

/// The stored hash, if the password matches it; or else `action` is refused.
pub(crate) async fn verify(
    app: &Auth,
    caller: &CurrentUser,
    password: &Password,
    origin: &Origin,
    action: &'static str,
) -> Result<String, ApiError> {
    let account = change_password::account(app, caller)
        .await?
        .ok_or(Unauthenticated::InvalidAccessToken)?;
    let stored: String = account.get("password")?;
    match app.verify(password, Some(&stored)).await? {
        Verdict::Mismatch => Err(refuse(app, caller, origin, action).await),
        Verdict::Current | Verdict::Outdated(_) => Ok(stored),
    }
}

async fn erase(
    app: &Auth,
    caller: &CurrentUser,
    verified: &str,
    origin: &Origin,
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
        None => Err(refuse(app, caller, origin, ACTION).await),
    }
}

/// Tells Redis to forget the user and whom events go to.
async fn tell(app: &Auth, caller: &CurrentUser, erased: &Row) -> Result<(), ApiError> {
    let version = erased.get("version")?;
    let ended: Vec<SessionId> = erased.get("ended_sessions")?;
    let documents = [Document::User, Document::Preferences];
    let mut told: Vec<_> = documents
        .into_iter()
        .map(|document| Change::outdated(document, version))
        .collect();
    told.extend(
        ended
            .into_iter()
            .map(|id| Change::Revoked(id, app.access_token_lifetime)),
    );
    app.cache.apply_or_note(caller.id, told).await;
    app.events.deliver_soon([caller.id]);
    Ok(())
}

/// Refuses the password, and writes down for which action.
pub(crate) async fn refuse(
    app: &Auth,
    caller: &CurrentUser,
    origin: &Origin,
    action: &'static str,
) -> ApiError {
    let act = Act::refused(action, Actor::User(caller.id)).to(Some(caller.id.as_uuid()));
    origin.record_refusal(app, &act).await;
    FieldErrors::one("password", "Password is incorrect.").into()
}
