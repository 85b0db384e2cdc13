//! `POST /api/v1/auth/account-deletion/cancel`: keeps an account that is to be erased, by the token
//! that its owner was sent. A login does the same.

use std::sync::Arc;

use api::audit::{Act, Actor};
use api::{ApiError, Body, Client, Context, Origin, Success};
use axum::extract::State;
use domain::{AccountProof, EmailVerification};
use store::Row;

use crate::account_tokens::{self, Found, Purpose};
use crate::state::Auth;
use crate::tell::tell;

pub(crate) async fn cancel(
    State(app): State<Arc<Auth>>,
    client: Client,
    context: Context,
    origin: Origin,
    // Looked at after the attempt is counted: every answer tells the limit.
    body: Result<Body, ApiError>,
) -> Result<Success<()>, ApiError> {
    account_tokens::count_for_client(&app, &context, &client).await?;
    let EmailVerification { proof } = EmailVerification::parse_token(&*body?)?;
    let found = account_tokens::find(&app, &proof, Purpose::DeletionCancel).await?;
    let kept = match &found {
        Some(found) => keep(&app, found, &origin).await?,
        None => None,
    };
    let (Some(found), Some(kept)) = (found, kept) else {
        return Err(refuse(&app, &proof, &origin).await);
    };
    context.note_user(found.user);
    tell(&app, found.user, &kept).await?;
    Ok(Success::ok("Account will not be deleted", ()))
}

/// No row if the token is not good any more.
async fn keep(app: &Auth, found: &Found, origin: &Origin) -> Result<Option<Row>, ApiError> {
    let statement = app.database.statement(include_str!("cancel.sql"));
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
    let act = Act::refused("user_restored", Actor::Anonymous);
    origin.record_refusal(app, &act).await;
    proof.refusal().into()
}
