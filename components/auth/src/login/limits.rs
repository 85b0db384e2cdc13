//! What holds who guesses passwords: limits for his address and for the account, and a wait that
//! grows with his failures. A stranger can use up what an account allows to strangers, but not what
//! it allows to its owner, at an address where he has signed in before (OWASP's Authentication
//! cheat sheet, "Account lockout").

use api::rate_limit::{self, LimitKey};
use api::{ApiError, Client, Context};
use domain::Login;

use crate::state::Auth;

/// Counts the attempt for the address that it comes from, unless that has to wait.
///
/// # Errors
/// [`ApiError::RateLimited`] if it has to, or this is one too many.
pub(super) async fn count_for_address(
    app: &Auth,
    context: &Context,
    client: &Client,
) -> Result<(), ApiError> {
    let address = client.rate_key();
    rate_limit::count(app, context, LimitKey::LoginAddress(&address)).await?;
    rate_limit::permit(app, context, LimitKey::LoginFailures(&address)).await
}

/// Counts the attempt for the account, which need not exist, before its password is looked at; at
/// an address that is known to be its owner's for the two together.
///
/// # Errors
/// [`ApiError::RateLimited`] if it is one too many.
pub(super) async fn count_for_account(
    app: &Auth,
    context: &Context,
    login: &Login,
    client: &Client,
    is_known_address: bool,
) -> Result<(), ApiError> {
    let (email, address) = (login.email.as_str(), client.rate_key());
    let key = if is_known_address {
        LimitKey::LoginAt(email, &address)
    } else {
        LimitKey::Login(email)
    };
    rate_limit::count(app, context, key).await
}

/// Counts a failure for the address that it came from.
pub(super) async fn note_failure(app: &Auth, client: &Client) {
    rate_limit::note_failure(app, LimitKey::LoginFailures(&client.rate_key())).await;
}
