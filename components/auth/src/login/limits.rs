//! What holds who guesses passwords: limits for his address and for the account, and a wait that
//! grows with his failures. A stranger can use up what an account allows to strangers, but not what
//! it allows to its owner, at an address where he has signed in before (OWASP's Authentication
//! cheat sheet, "Account lockout").

use api::rate_limit::{FailureLimit, LOGIN_FAILURES, StrictLimit, subject_of};
use api::{ApiError, Client, Context};
use domain::Login;

use crate::state::Auth;

/// What all the limits call an attempt.
const ATTEMPTS: &str = "login attempts";

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
    let limit = StrictLimit {
        name: "login_address",
        limit: app.rate_limits.login_address,
        attempts: ATTEMPTS,
    };
    limit.count(app, context, &address).await?;
    failures(app).permit(app, context, &address).await
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
    let limit = StrictLimit {
        name: "login",
        limit: app.rate_limits.login,
        attempts: ATTEMPTS,
    };
    let account = subject_of(login.email.as_str());
    let subject = if is_known_address {
        format!("{account}:{}", client.rate_key())
    } else {
        account
    };
    limit.count(app, context, &subject).await
}

/// Counts a failure for the address that it came from.
pub(super) async fn note_failure(app: &Auth, client: &Client) {
    failures(app).note(app, &client.rate_key()).await;
}

fn failures(app: &Auth) -> FailureLimit {
    FailureLimit {
        name: LOGIN_FAILURES,
        free: app.rate_limits.login_failures,
        attempts: ATTEMPTS,
    }
}
