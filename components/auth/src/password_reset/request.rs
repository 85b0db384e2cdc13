//! `POST /api/v1/auth/password-reset`: sends a token for a new password to an address, if it is an
//! account's.

use std::sync::Arc;

use api::{ApiError, AuditOrigin, Body, Client, Context, Success};
use axum::extract::State;
use domain::AddressRequest;

use crate::account_tokens::{self, Purpose};
use crate::state::Auth;

/// The same for every address.
const MESSAGE: &str = "If the address belongs to an account, a message is on its way";

pub(crate) async fn request(
    State(app): State<Arc<Auth>>,
    client: Client,
    context: Context,
    origin: AuditOrigin,
    // Looked at after the attempt is counted: every answer tells the limit.
    body: Result<Body, ApiError>,
) -> Result<Success<()>, ApiError> {
    account_tokens::count_for_client(&app, &context, &client).await?;
    let AddressRequest { email } = AddressRequest::parse(&*body?)?;
    account_tokens::count_message(&app, &context, Purpose::PasswordReset, &email).await?;
    account_tokens::request_soon(&app, Purpose::PasswordReset, &email, &origin);
    Ok(Success::accepted(MESSAGE, ()))
}
