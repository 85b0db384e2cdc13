//! `POST /api/v1/users/login`: signs a user in with his password.

mod limits;

use std::sync::Arc;

use api::audit::{Act, Actor};
use api::{ApiError, AuditOrigin, Body, Client, Context, Success};
use axum::extract::State;
use domain::{FieldErrors, Login, SessionId, UserId};
use serde_json::json;
use store::{Freshness, Row};
use telemetry::metrics::LOGINS;

use crate::passwords::Verdict;
use crate::signed_in::{SignedIn, UserWithTokens};
use crate::state::Auth;

pub(crate) async fn login(
    State(app): State<Arc<Auth>>,
    client: Client,
    context: Context,
    origin: AuditOrigin,
    // Looked at after the attempt is counted: every answer tells the limit.
    body: Result<Body, ApiError>,
) -> Result<Success<UserWithTokens>, ApiError> {
    limits::count_for_address(&app, &context, &client).await?;
    let login = Login::parse(&*body?)?;
    let account = account(&app, &login, &client).await?;
    let is_known = is_known_address(account.as_ref())?;
    limits::count_for_account(&app, &context, &login, &client, is_known).await?;

    let answer = sign_in(&app, &login, account, &client, &origin).await;
    count(&answer);
    if let Err(ApiError::Invalid(_)) = &answer {
        limits::note_failure(&app, &client).await;
    }
    let (signed_in, ended) = answer?;
    context.note_user(signed_in.user);
    let mut changes = signed_in.changes();
    changes.extend(app.revoked(ended));
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
        Err(
            ApiError::Invalid(_) | ApiError::EmailNotVerified | ApiError::PasswordResetRequired,
        ) => "refused",
        Err(_) => "failed",
    };
    LOGINS.add(&[result]);
}

/// Verifies the password and begins a session; answers the sessions that had to end for it, too.
///
/// The hash may be replaced in between: by a login beside this one, if it was outdated, or by a
/// password change. So it is verified once more then.
async fn sign_in(
    app: &Auth,
    login: &Login,
    mut found: Option<Row>,
    client: &Client,
    origin: &AuditOrigin,
) -> Result<(SignedIn, Vec<SessionId>), ApiError> {
    let mut tried = None;
    for _ in 0..2 {
        let verified = verify(app, login, found, origin).await?;
        if let Some(row) = begin_session(app, &verified, client, origin).await? {
            if verified.is_to_be_erased {
                app.events.deliver_soon([verified.user]);
            }
            return Ok((SignedIn::from_row(&row)?, row.get("ended_sessions")?));
        }
        tried = Some(verified.user);
        found = account(app, login, client).await?;
    }
    Err(refuse(app, origin, tried, "password_changed").await)
}

/// An account whose password was right.
struct Verified {
    user: UserId,
    /// Whether it was to be erased, which the login calls off.
    is_to_be_erased: bool,
    /// The hash that the password matches.
    hash: String,
    /// The hash to store from now on.
    to_store: String,
}

/// The account that the login is about, if there is one.
async fn account(app: &Auth, login: &Login, client: &Client) -> Result<Option<Row>, ApiError> {
    let statement = app
        .database
        .read(include_str!("login_account.sql"), Freshness::Newest);
    Ok(statement
        .bind(login.email.as_str())
        .bind(client.address().map(|_| client.rate_key()))
        .optional()
        .await?)
}

/// Whether the owner of the account has signed in from where this attempt comes from.
fn is_known_address(account: Option<&Row>) -> Result<bool, ApiError> {
    Ok(account.map_or(Ok(false), |row| row.get("is_known_address"))?)
}

/// Compares the password with that of the account, if there is one.
async fn verify(
    app: &Auth,
    login: &Login,
    account: Option<Row>,
    origin: &AuditOrigin,
) -> Result<Verified, ApiError> {
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
        // Only who knows the password learns that.
        _ if app.email_verification.is_required() && !account.get::<bool>("is_verified")? => {
            refuse(app, origin, Some(user), "unverified_account").await;
            return Err(ApiError::EmailNotVerified);
        }
        // Told to nobody but him who knows the password.
        _ if account.get::<bool>("must_reset_password")? => {
            refuse(app, origin, Some(user), "password_reset_required").await;
            return Err(ApiError::PasswordResetRequired);
        }
        Verdict::Current => hash.clone(),
        Verdict::Outdated(renewed) => renewed,
    };
    Ok(Verified {
        user,
        is_to_be_erased: account.get("is_to_be_erased")?,
        hash,
        to_store,
    })
}

/// Begins the session; no row if the hash is not the one that was verified any longer.
async fn begin_session(
    app: &Auth,
    verified: &Verified,
    client: &Client,
    origin: &AuditOrigin,
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
        .bind(verified.is_to_be_erased)
        .bind(app.events.destinations())
        .optional()
        .await?)
}

/// The same for a wrong password, an unknown e-mail and a closed account (ASVS 6.3.8), and the same
/// work: each is written down, with the `account` that it was if there is one.
async fn refuse(
    app: &Auth,
    origin: &AuditOrigin,
    account: Option<UserId>,
    reason: &'static str,
) -> ApiError {
    let act = Act::refused("authn_login_fail", Actor::Anonymous)
        .to(account.map(UserId::as_uuid))
        .with(json!({"reason": reason}));
    origin.record_refusal(app, &act).await;
    FieldErrors::general("Unable to log in with provided credentials.").into()
}
