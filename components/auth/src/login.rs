//! `POST /api/v1/users/login`: signs a user in with his password.

use std::sync::Arc;

use api::audit::{Act, Actor};
use api::rate_limit::StrictLimit;
use api::{ApiError, Body, Client, Context, Origin, Success};
use axum::extract::State;
use domain::{FieldErrors, Login, SessionId, UserId};
use serde_json::json;
use store::user_cache::Change;
use store::{Freshness, Row};
use telemetry::metrics::LOGINS;

use crate::passwords::Verdict;
use crate::signed_in::{SignedIn, UserWithTokens};
use crate::state::Auth;

pub(crate) async fn login(
    State(app): State<Arc<Auth>>,
    client: Client,
    context: Context,
    origin: Origin,
    // Looked at after the attempt is counted: every answer tells the limit.
    body: Result<Body, ApiError>,
) -> Result<Success<UserWithTokens>, ApiError> {
    count_for_address(&app, &context, &client).await?;
    let login = Login::parse(&*body?)?;
    count_for_account(&app, &context, &login).await?;

    let answer = sign_in(&app, &login, &client, &origin).await;
    count(&answer);
    let (signed_in, ended) = answer?;
    context.note_user(signed_in.user);
    let ended = ended
        .into_iter()
        .map(|id| Change::Revoked(id, app.access_token_lifetime));
    let changes = signed_in.changes().into_iter().chain(ended).collect();
    app.cache.apply_or_note(signed_in.user, changes).await;
    Ok(Success::ok(
        "Login successful",
        signed_in.with_tokens(&app)?,
    ))
}

/// Counts an attempt that the limits have let through.
fn count<T>(answer: &Result<T, ApiError>) {
    let result = match answer {
        Ok(_) => "success",
        Err(ApiError::Invalid(_)) => "refused",
        Err(_) => "failed",
    };
    LOGINS.add(&[result]);
}

/// What both limits call an attempt.
const ATTEMPTS: &str = "login attempts";

/// Counts the attempt for the address that it comes from.
async fn count_for_address(app: &Auth, context: &Context, client: &Client) -> Result<(), ApiError> {
    let limit = StrictLimit {
        name: "login_address",
        limit: app.rate_limits.login_address,
        attempts: ATTEMPTS,
    };
    limit.count(app, context, &client.rate_key()).await
}

/// Counts the attempt for the account, which need not exist, before its password is looked at.
async fn count_for_account(app: &Auth, context: &Context, login: &Login) -> Result<(), ApiError> {
    let limit = StrictLimit {
        name: "login",
        limit: app.rate_limits.login,
        attempts: ATTEMPTS,
    };
    let account = api::rate_limit::subject_of(login.email.as_str());
    limit.count(app, context, &account).await
}

/// Verifies the password and begins a session; answers the sessions that had to end for it, too.
///
/// The hash may be replaced in between: by a login beside this one, if it was outdated, or by a
/// password change. So it is verified once more then.
async fn sign_in(
    app: &Auth,
    login: &Login,
    client: &Client,
    origin: &Origin,
) -> Result<(SignedIn, Vec<SessionId>), ApiError> {
    let mut tried = None;
    for _ in 0..2 {
        let verified = verify(app, login, origin).await?;
        if let Some(row) = begin_session(app, &verified, client, origin).await? {
            return Ok((SignedIn::from_row(&row)?, row.get("ended_sessions")?));
        }
        tried = Some(verified.user);
    }
    Err(refuse(app, origin, tried, "password_changed").await)
}

/// An account whose password was right.
struct Verified {
    user: UserId,
    /// The hash that the password matches.
    hash: String,
    /// The hash to store from now on.
    to_store: String,
}

/// Compares the password with that of the account, if there is one.
async fn verify(app: &Auth, login: &Login, origin: &Origin) -> Result<Verified, ApiError> {
    let account = app
        .database
        .read(include_str!("login_account.sql"), Freshness::Newest)
        .bind(login.email.as_str())
        .optional()
        .await?;
    let stored: Option<String> = account
        .as_ref()
        .map(|row| row.get("password"))
        .transpose()?;
    let verdict = app.verify(&login.password, stored.as_deref()).await?;
    let (Some(account), Some(hash)) = (account, stored) else {
        return Err(refuse(app, origin, None, "unknown_account").await);
    };
    let user = account.get("id")?;
    let to_store = match verdict {
        Verdict::Mismatch => {
            return Err(refuse(app, origin, Some(user), "wrong_password").await);
        }
        _ if !account.get::<bool>("is_active")? => {
            return Err(refuse(app, origin, Some(user), "inactive_account").await);
        }
        Verdict::Current => hash.clone(),
        Verdict::Outdated(renewed) => renewed,
    };
    Ok(Verified {
        user,
        hash,
        to_store,
    })
}

/// Begins the session; no row if the hash is not the one that was verified any longer.
async fn begin_session(
    app: &Auth,
    verified: &Verified,
    client: &Client,
    origin: &Origin,
) -> Result<Option<Row>, ApiError> {
    let statement = app.database.statement(include_str!("login.sql"));
    Ok(statement
        .bind(verified.user)
        .bind(verified.hash.as_str())
        .bind(verified.to_store.as_str())
        .bind(client.address())
        .bind(client.user_agent.as_str())
        .bind(u64::from(app.session_max_lifetime))
        .bind(u64::from(app.sessions_per_user))
        .bind(origin.text())
        .optional()
        .await?)
}

/// The same for a wrong password, an unknown e-mail and a closed account (ASVS 6.3.8), and the same
/// work: each is written down, with the `account` that it was if there is one.
async fn refuse(
    app: &Auth,
    origin: &Origin,
    account: Option<UserId>,
    reason: &'static str,
) -> ApiError {
    let act = Act::refused("authn_login_fail", Actor::Anonymous)
        .to(account.map(UserId::as_uuid))
        .with(json!({"reason": reason}));
    origin.record_refusal(app, &act).await;
    FieldErrors::general("Unable to log in with provided credentials.").into()
}
