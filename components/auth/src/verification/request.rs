//! `POST /api/v1/auth/verification`: sends a token to an address, if it is an account's and not
//! verified yet.

use std::sync::Arc;

use api::{ApiError, AuditOrigin, Body, Client, Context, Success};
use axum::extract::State;
use domain::AddressRequest;

use crate::account_tokens::{self, Purpose};
use crate::state::Auth;

/// The same for every address.
const MESSAGE: &str = "If the address is to be verified, a message is on its way";

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
    account_tokens::count_message(&app, &context, Purpose::Verification, &email).await?;
    account_tokens::request_soon(&app, Purpose::Verification, &email, &origin);
    Ok(Success::accepted(MESSAGE, ()))
}
