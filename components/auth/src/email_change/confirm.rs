//! `POST /api/v1/auth/email-change/confirm`: gives an account the address to which the token was
//! sent.

use std::sync::Arc;

use api::audit::{Act, Actor};
use api::{ApiError, Body, Client, Context, Origin, Success};
use axum::extract::State;
use domain::{AccountProof, EmailVerification};
use store::{DatabaseError, Row};

use super::taken;
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
    let EmailVerification { proof } = EmailVerification::parse_token(&*body?)?;
    let found = account_tokens::find(&app, &proof, Purpose::EmailChange).await?;
    let changed = match &found {
        Some(found) => change(&app, found, &origin).await?,
        None => None,
    };
    let (Some(found), Some(changed)) = (found, changed) else {
        return Err(refuse(&app, &proof, &origin).await);
    };
    context.note_user(found.user);
    tell(&app, found.user, &changed).await?;
    Ok(Success::ok("Email changed successfully", ()))
}

/// No row if the token is not good any more.
async fn change(app: &Auth, found: &Found, origin: &Origin) -> Result<Option<Row>, ApiError> {
    let statement = app.database.statement(include_str!("confirm.sql"));
    let changed = statement
        .bind(found.id)
        .bind(found.user)
        .bind(app.events.destinations())
        .bind(origin.text())
        .optional()
        .await;
    changed.map_err(|error: DatabaseError| {
        if error.violates("users_email_key") {
            taken().into()
        } else {
            error.into()
        }
    })
}

/// Refuses the proof, and writes that down.
async fn refuse(app: &Auth, proof: &AccountProof, origin: &Origin) -> ApiError {
    let act = Act::refused("user_email_changed", Actor::Anonymous);
    origin.record_refusal(app, &act).await;
    proof.refusal().into()
}
