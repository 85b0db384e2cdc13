//! The caller: whose access token came with the request, and whether its session is live.

use std::marker::PhantomData;
use std::ops::Deref;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use domain::{SessionId, UserId};
use http::HeaderMap;
use http::request::Parts;
use store::Freshness;
use store::user_cache::{CachedDocument, SessionState};
use telemetry::metrics::count_cache_request;

use crate::app::Access;
use crate::bearer::bearer_token;
use crate::client::Client;
use crate::context::Context;
use crate::credentials::TokenType;
use crate::error::{ApiError, Unauthenticated};
use crate::fill::live_after_answer;
use crate::rate_limit::{count_anonymous, count_request};

/// Which cached document is read in the round trip that checks the session.
pub trait Wanted: Send + Sync {
    /// The document; none if the handler needs none.
    const DOCUMENT: Option<CachedDocument>;
}

/// The handler needs no cached document.
#[derive(Debug)]
pub struct Nothing;

impl Wanted for Nothing {
    const DOCUMENT: Option<CachedDocument> = None;
}

/// The handler answers the user object.
#[derive(Debug)]
pub struct User;

impl Wanted for User {
    const DOCUMENT: Option<CachedDocument> = Some(CachedDocument::User);
}

/// The handler answers the notification preferences.
#[derive(Debug)]
pub struct Preferences;

impl Wanted for Preferences {
    const DOCUMENT: Option<CachedDocument> = Some(CachedDocument::Preferences);
}

/// A caller who is signed in, with the cached document that the handler wants.
#[derive(Debug)]
pub struct CurrentUser<W = Nothing> {
    /// The user.
    pub id: UserId,
    /// The session through which he is signed in.
    pub session: SessionId,
    /// What a read must have seen so that he sees what he has written.
    pub freshness: Freshness,
    /// The document, if it is cached.
    pub cached: Option<String>,
    wanted: PhantomData<W>,
}

impl<S, W> FromRequestParts<Arc<S>> for CurrentUser<W>
where
    S: AsRef<Access> + Send + Sync,
    W: Wanted,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &Arc<S>) -> Result<Self, ApiError> {
        let access: &Access = state.deref().as_ref();
        let context = Context::of(parts)?;
        let (id, session) = match bearer(access, &parts.headers) {
            Ok(caller) => caller,
            Err(reason) => {
                let client = Client::of(&parts.headers, &access.config.trusted_proxies);
                count_anonymous(access, &context, &client).await?;
                return Err(reason.into());
            }
        };
        context.note_user(id);

        let seen = count_request(access, &context, id, session, W::DOCUMENT).await?;
        count_cache_request("session", seen.as_ref().map(|seen| seen.session.is_some()));
        match seen.as_ref().and_then(|seen| seen.session) {
            Some(SessionState::Live) => {}
            Some(SessionState::Revoked) => return Err(Unauthenticated::InvalidAccessToken.into()),
            None => confirm(access, id, session).await?,
        }
        // What Redis has no version of, a replica can't be held against.
        let version = seen.as_ref().and_then(|seen| seen.version);
        let freshness = version.map_or(Freshness::Newest, Freshness::AtLeast);
        let cached = seen.and_then(|seen| seen.document);
        if let Some(document) = W::DOCUMENT {
            context.note_cache(document.name(), cached.is_some());
        }
        Ok(Self {
            id,
            session,
            freshness,
            cached,
            wanted: PhantomData,
        })
    }
}

/// Verifies the one access token of the request.
fn bearer(access: &Access, headers: &HeaderMap) -> Result<(UserId, SessionId), Unauthenticated> {
    let token = bearer_token(headers)?;
    let claims = access
        .keyring
        .verify(token, TokenType::Access, access.clock.now().unix_seconds())
        .map_err(|_| Unauthenticated::InvalidAccessToken)?;
    let user = UserId::parse(&claims.user_id);
    let session = SessionId::parse(claims.session_id.as_deref().unwrap_or_default());
    match (user, session) {
        (Ok(user), Ok(session)) => Ok((user, session)),
        _ => Err(Unauthenticated::InvalidAccessToken),
    }
}

/// Asks PostgreSQL whether the session is live, and tells Redis so once the answer is out. What a replica
/// says in the primary's place is good for this request only: the session may have ended meanwhile.
async fn confirm(access: &Access, user: UserId, session: SessionId) -> Result<(), ApiError> {
    let live = access
        .database
        .read(include_str!("caller.sql"), Freshness::Newest)
        .bind(session)
        .bind(user)
        .optional()
        .await?
        .ok_or(Unauthenticated::InvalidAccessToken)?;
    if !live.is_perhaps_old() {
        live_after_answer(access, user, session);
    }
    Ok(())
}
