//! `POST /api/v1/users/token/refresh`: exchanges a refresh token for the next pair of tokens.

mod legacy;

use std::sync::Arc;

use api::credentials::{Claims, Refusal, Subject, TokenPair, TokenType};
use api::rate_limit::{count_anonymous, count_request};
use api::{
    ApiError, AuditOrigin, Body, Client, Context, Flattened, Success, Unauthenticated,
    live_after_answer, random,
};
use axum::extract::State;
use domain::{SessionId, TokenRefresh, UserId};
use serde::Serialize;
use store::Row;
use telemetry::{Level, LogLine};

use self::legacy::{Exchanged, LegacyToken};
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
    generation: i64,
}

/// A refresh token that bears our signature.
enum Verified {
    /// It belongs to a session.
    OfSession(Presented),
    /// It is of the service that this one replaces, and may be worth a session.
    Legacy(LegacyToken),
}

pub(crate) async fn token_refresh(
    State(app): State<Arc<Sessions>>,
    client: Client,
    context: Context,
    origin: AuditOrigin,
    // Looked at after the request is counted: every answer tells the limit.
    body: Result<Body, ApiError>,
) -> Result<Flattened<Tokens>, ApiError> {
    let tokens = match verified(&app, body) {
        Ok(Verified::OfSession(presented)) => {
            context.note_user(presented.user);
            let Presented { user, session, .. } = presented;
            let seen = count_request(&app, &context, user, session, None).await?;
            let tokens = next(&app, &context, &origin, &presented).await?;
            if seen.is_some_and(|seen| seen.session.is_none()) {
                // Requests with the new access token wait for who asked first.
                live_after_answer(&app, user, session);
            }
            tokens
        }
        Ok(Verified::Legacy(token)) => {
            context.note_user(token.user);
            count_anonymous(&app, &context, &client).await?;
            match token.exchange(&app, &client, &origin).await? {
                Exchanged::Now(session, row) => issue(&app, token.user, session, &row)?,
                Exchanged::Before(presented) => repeat(&app, &context, &origin, &presented).await?,
            }
        }
        Err(error) => {
            count_anonymous(&app, &context, &client).await?;
            return Err(error);
        }
    };
    Ok(Success::ok("Token refreshed successfully", tokens).flattened())
}

/// What the request presents, whether or not it is still good for anything.
fn verified(app: &Sessions, body: Result<Body, ApiError>) -> Result<Verified, ApiError> {
    let request = TokenRefresh::parse(&*body?)?;
    Ok(verify(app, request.refresh.expose_secret())?)
}

fn verify(app: &Sessions, token: &str) -> Result<Verified, Unauthenticated> {
    let now = app.clock.now().unix_seconds();
    let claims =
        app.keyring
            .verify(token, TokenType::Refresh, now)
            .map_err(|refusal| match refusal {
                Refusal::WrongType => Unauthenticated::WrongTokenType,
                _ => Unauthenticated::InvalidRefreshToken,
            })?;
    verified_claims(claims).ok_or(Unauthenticated::InvalidRefreshToken)
}

fn verified_claims(claims: Claims) -> Option<Verified> {
    let user = UserId::parse(&claims.user_id).ok()?;
    match (claims.session_id, claims.generation) {
        (Some(session), Some(generation)) => Some(Verified::OfSession(Presented {
            user,
            session: SessionId::parse(&session).ok()?,
            generation: generation.try_into().ok()?,
        })),
        (None, None) => Some(Verified::Legacy(LegacyToken {
            user,
            token_id: claims.token_id,
        })),
        _ => None,
    }
}

/// The tokens of the next generation.
async fn next(
    app: &Sessions,
    context: &Context,
    origin: &AuditOrigin,
    presented: &Presented,
) -> Result<Tokens, ApiError> {
    match rotate(app, presented).await? {
        Some(row) => issue(app, presented.user, presented.session, &row),
        None => repeat(app, context, origin, presented).await,
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

/// The tokens that this one has already been exchanged for, if that was a moment ago.
async fn repeat(
    app: &Sessions,
    context: &Context,
    origin: &AuditOrigin,
    presented: &Presented,
) -> Result<Tokens, ApiError> {
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
        return issue(app, presented.user, presented.session, &row);
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
        let told = app.revoked(vec![presented.session]);
        app.cache.apply_or_note(presented.user, told).await;
    }
    Err(Unauthenticated::RevokedRefreshToken.into())
}

/// The tokens of the generation in `row`.
fn issue(app: &Sessions, user: UserId, session: SessionId, row: &Row) -> Result<Tokens, ApiError> {
    let subject = Subject {
        user_id: user.to_string(),
        session_id: session.to_string(),
        generation: row.get("generation")?,
        scope: row.get("scope")?,
    };
    let began = row.get("generation_began")?;
    let now = app.clock.now().unix_seconds();
    let TokenPair { access, refresh } =
        app.keyring
            .issue(&subject, began, &random::hex::<16>(), now);
    Ok(Tokens { access, refresh })
}
