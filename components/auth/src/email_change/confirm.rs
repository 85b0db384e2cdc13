//! `POST /api/v1/auth/email-change/confirm`: gives an account the address to which the token was
//! sent.

use std::sync::Arc;

use api::{ApiError, AuditOrigin, Body, Client, Context, Success};
use axum::extract::State;
use domain::EmailVerification;

use super::taken;
use crate::account_tokens::{self, Purpose};
use crate::state::Auth;

pub(crate) async fn confirm(
    State(app): State<Arc<Auth>>,
    client: Client,
    context: Context,
    origin: AuditOrigin,
    // Looked at after the attempt is counted: every answer tells the limit.
    body: Result<Body, ApiError>,
) -> Result<Success<()>, ApiError> {
    account_tokens::count_for_client(&app, &context, &client).await?;
    let EmailVerification { proof } = EmailVerification::parse_token(&*body?)?;
    account_tokens::redeem(
        &app,
        &context,
        &origin,
        &proof,
        Purpose::EmailChange,
        "user_email_changed",
        include_str!("confirm.sql"),
    )
    .await
    .map_err(|error| match error {
        ApiError::Database(cause) if cause.violates("users_email_key") => taken().into(),
        error => error,
    })?;
    Ok(Success::ok("Email changed successfully", ()))
}
