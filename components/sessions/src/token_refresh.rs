//! `POST /api/v1/users/token/refresh`: exchanges a refresh token for the next pair of tokens.

use std::sync::Arc;

use api::credentials::{Claims, Refusal, Subject, TokenPair, TokenType};
use api::rate_limit::{count_anonymous, count_request};
use api::{ApiError, Body, Client, Context, Flattened, Origin, Success, Unauthenticated, random};
use axum::extract::State;
use domain::{SessionId, TokenRefresh, UserId};
use serde::Serialize;
use store::Row;
use store::user_cache::Change;
use telemetry::{Level, LogLine};

use crate::state::Sessions;

/// The pair of tokens, as old clients read it.
#[derive(Debug, Serialize)]
pub(crate) struct Tokens {
    access: String,
    refresh: String,
}

/// Whose refresh token it is, and of which generation.
struct Presented {
    user: UserId,
    session: SessionId,
    generation: u64,
}

pub(crate) async fn token_refresh(
    State(app): State<Arc<Sessions>>,
    client: Client,
    context: Context,
    origin: Origin,
    // Looked at after the request is counted: every answer tells the limit.
    body: Result<Body, ApiError>,
) -> Result<Flattened<Tokens>, ApiError> {
    let presented = match presented(&app, body) {
        Ok(presented) => presented,
        Err(error) => {
            count_anonymous(&app, &context, &client).await?;
            return Err(error);
        }
    };
    context.note_user(presented.user);
    count_request(&app, &context, presented.user, presented.session, None).await?;

    let row = match rotate(&app, &presented).await? {
        Some(row) => row,
        None => repeat(&app, &context, &origin, &presented).await?,
    };
    let tokens = issue(
        &app,
        &presented,
        row.get("generation")?,
        row.get("generation_began")?,
        row.get("scope")?,
    );
    Ok(Success::ok("Token refreshed successfully", tokens).flattened())
}

/// What the request presents, whether or not it is still good for anything.
fn presented(app: &Sessions, body: Result<Body, ApiError>) -> Result<Presented, ApiError> {
    let request = TokenRefresh::parse(&*body?)?;
    Ok(verify(app, request.refresh.expose_secret())?)
}

fn verify(app: &Sessions, token: &str) -> Result<Presented, Unauthenticated> {
    let now = app.clock.now().unix_seconds();
    let claims =
        app.keyring
            .verify(token, TokenType::Refresh, now)
            .map_err(|refusal| match refusal {
                Refusal::WrongType => Unauthenticated::WrongTokenType,
                _ => Unauthenticated::InvalidRefreshToken,
            })?;
    let Claims {
        user_id,
        session_id: Some(session_id),
        generation: Some(generation),
        ..
    } = claims
    else {
        return Err(Unauthenticated::InvalidRefreshToken);
    };
    match (UserId::parse(&user_id), SessionId::parse(&session_id)) {
        (Ok(user), Ok(session)) => Ok(Presented {
            user,
            session,
            generation,
        }),
        _ => Err(Unauthenticated::InvalidRefreshToken),
    }
}

/// Begins the next generation; no row if the token is not of the current one.
async fn rotate(app: &Sessions, presented: &Presented) -> Result<Option<Row>, ApiError> {
    let statement = app.database.statement(include_str!("token_refresh.sql"));
    Ok(statement
        .bind(presented.session)
        .bind(presented.user)
        .bind(presented.generation)
        .optional()
        .await?)
}

/// The generation that the token has already been exchanged for, if that was a moment ago.
async fn repeat(
    app: &Sessions,
    context: &Context,
    origin: &Origin,
    presented: &Presented,
) -> Result<Row, ApiError> {
    let row = app
        .database
        .statement(include_str!("token_reuse.sql"))
        .bind(presented.session)
        .bind(presented.user)
        .bind(presented.generation)
        .bind(u64::from(app.refresh_reuse_interval))
        .bind(origin.text())
        .optional()
        .await?
        .ok_or(Unauthenticated::RevokedRefreshToken)?;
    if row.get("is_repeat")? {
        return Ok(row);
    }
    if row.get("ended")? {
        LogLine::new(
            Level::Warn,
            "a used refresh token was presented: its session has ended",
        )
        .with("request_id", context.request_id())
        .with("user_id", presented.user.to_string())
        .with("session_id", presented.session.to_string())
        .write();
        let revoked = Change::Revoked(presented.session, app.access_token_lifetime);
        app.cache.apply_or_note(presented.user, vec![revoked]).await;
    }
    Err(Unauthenticated::RevokedRefreshToken.into())
}

fn issue(
    app: &Sessions,
    presented: &Presented,
    generation: u64,
    generation_began: u64,
    scope: String,
) -> Tokens {
    let subject = Subject {
        user_id: presented.user.to_string(),
        session_id: presented.session.to_string(),
        generation,
        scope,
    };
    let now = app.clock.now().unix_seconds();
    let TokenPair { access, refresh } =
        app.keyring
            .issue(&subject, generation_began, &random::hex::<16>(), now);
    Tokens { access, refresh }
}
