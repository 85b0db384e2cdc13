//! `POST /api/v1/auth/account-deletion/cancel`: keeps an account that is to be erased, by the token
//! that its owner was sent. A login does the same.

use std::sync::Arc;

use api::{ApiError, AuditOrigin, Body, Client, Context, Success};
use axum::extract::State;
use domain::EmailVerification;

use crate::account_tokens::{self, Purpose};
use crate::state::Auth;

pub(crate) async fn cancel(
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
        Purpose::DeletionCancel,
        "user_restored",
        include_str!("cancel.sql"),
    )
    .await?;
    Ok(Success::ok("Account will not be deleted", ()))
}
