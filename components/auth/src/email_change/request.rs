//! `POST /api/v1/auth/email-change`: sends a token to the address that the caller wants instead of
//! his.

use std::sync::Arc;

use api::rate_limit::{self, LimitKey};
use api::{ApiError, AuditOrigin, Body, Context, CurrentUser, Success};
use axum::extract::State;
use domain::{EmailChange, FieldErrors};

use super::taken;
use crate::account_tokens::{self, Purpose};
use crate::current_password;
use crate::state::Auth;

/// What the audit trail calls it.
const ACTION: &str = "user_email_change_requested";

pub(crate) async fn request(
    State(app): State<Arc<Auth>>,
    caller: CurrentUser,
    context: Context,
    origin: AuditOrigin,
    // Looked at after the attempt is counted: every answer tells the limit.
    body: Result<Body, ApiError>,
) -> Result<Success<()>, ApiError> {
    // Who guesses passwords here is limited as he is at changing one.
    rate_limit::count(&app, &context, LimitKey::PasswordChange(caller.id)).await?;
    let change = EmailChange::parse(&*body?)?;
    account_tokens::count_message(&app, &context, Purpose::EmailChange, &change.email).await?;
    let verified =
        current_password::verify(&app, &caller, &change.password, &origin, ACTION).await?;
    issue(&app, &caller, &change, &verified, &origin).await?;
    app.events.deliver_soon([caller.id]);
    let message = "A message to the new address is on its way";
    Ok(Success::accepted(message, ()))
}

async fn issue(
    app: &Auth,
    caller: &CurrentUser,
    change: &EmailChange,
    verified: &str,
    origin: &AuditOrigin,
) -> Result<(), ApiError> {
    let email = change.email.as_str();
    let new = app.new_token(Purpose::EmailChange, email);
    let row = app
        .database
        .statement(include_str!("request.sql"))
        .bind(caller.id)
        .bind(verified)
        .bind(email)
        .bind(new.token_hash)
        .bind(app.token_lifetime(Purpose::EmailChange))
        .bind(new.token)
        .bind(app.events.destinations())
        .bind(origin.text())
        .optional()
        .await?;
    let Some(row) = row else {
        return Err(current_password::refuse(app, caller, origin, ACTION).await);
    };
    if row.get("is_own")? {
        let text = "This is the address of your account already.";
        return Err(FieldErrors::one("email", text).into());
    }
    if row.get("is_taken")? {
        return Err(taken().into());
    }
    Ok(())
}
