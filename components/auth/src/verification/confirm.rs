//! `POST /api/v1/auth/verification/confirm`: verifies an account's address by what was sent there.

use std::sync::Arc;

use api::audit::{Act, Actor};
use api::{ApiError, Body, Client, Context, Origin, Success};
use axum::extract::State;
use domain::{AccountProof, EmailVerification};
use store::Row;

use crate::account_tokens::{self, Found, Purpose};
use crate::state::Auth;
use crate::tell::tell;

pub(crate) async fn confirm(
    State(app): State<Arc<Auth>>,
    client: Client,
    context: Context,
    origin: Origin,
    // Looked at after the attempt is counted: every answer tells the limit.
    body: Result<Body, ApiError>,
) -> Result<Success<()>, ApiError> {
    account_tokens::count_for_client(&app, &context, &client).await?;
    let EmailVerification { proof } = EmailVerification::parse(&*body?)?;
    account_tokens::count_code(&app, &context, &proof).await?;
    let found = account_tokens::find(&app, &proof, Purpose::Verification).await?;
    let verified = match &found {
        Some(found) => verify(&app, found, &origin).await?,
        None => None,
    };
    let (Some(found), Some(verified)) = (found, verified) else {
        return Err(refuse(&app, &proof, &origin).await);
    };
    context.note_user(found.user);
    tell(&app, found.user, &verified).await?;
    Ok(Success::ok("Email verified successfully", ()))
}

/// No row if the token is not good any more.
async fn verify(app: &Auth, found: &Found, origin: &Origin) -> Result<Option<Row>, ApiError> {
    let statement = app.database.statement(include_str!("confirm.sql"));
    Ok(statement
        .bind(found.id)
        .bind(found.user)
        .bind(app.events.destinations())
        .bind(origin.text())
        .optional()
        .await?)
}

/// Refuses the proof, and writes that down.
async fn refuse(app: &Auth, proof: &AccountProof, origin: &Origin) -> ApiError {
    let act = Act::refused("user_verified", Actor::Anonymous);
    origin.record_refusal(app, &act).await;
    proof.refusal().into()
}
