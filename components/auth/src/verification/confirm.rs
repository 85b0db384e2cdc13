//! `POST /api/v1/auth/verification/confirm`: verifies an account's address by what was sent there.

use std::sync::Arc;

use api::{ApiError, AuditOrigin, Body, Client, Context, Success};
use axum::extract::State;
use domain::EmailVerification;

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
    let EmailVerification { proof } = EmailVerification::parse(&*body?)?;
    account_tokens::count_code(&app, &context, &proof).await?;
    account_tokens::redeem(
        &app,
        &context,
        &origin,
        &proof,
        Purpose::Verification,
        "user_verified",
        include_str!("confirm.sql"),
    )
    .await?;
    Ok(Success::ok("Email verified successfully", ()))
}
