//! The caller: whose access token came with the request, and whether its session is live.

use std::marker::PhantomData;
use std::ops::Deref;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use domain::{SessionId, UserId};
use http::request::Parts;
use http::{HeaderMap, header};
use store::Freshness;
use store::user_cache::{Document, SessionState};
use telemetry::metrics::count_cache_request;

use crate::app::Access;
use crate::client::Client;
use crate::context::Context;
use crate::credentials::TokenType;
use crate::error::{ApiError, Unauthenticated};
use crate::fill::live_after_answer;
use crate::rate_limit::{count_anonymous, count_request};

/// Which cached document is read in the round trip that checks the session.
pub trait Wanted: Send + Sync {
    /// The document; none if the handler needs none.
    const DOCUMENT: Option<Document>;
}

/// The handler needs no cached document.
#[derive(Debug)]
pub struct Nothing;

impl Wanted for Nothing {
    const DOCUMENT: Option<Document> = None;
}

/// The handler answers the user object.
#[derive(Debug)]
pub struct User;

impl Wanted for User {
    const DOCUMENT: Option<Document> = Some(Document::User);
}

/// The handler answers the notification preferences.
#[derive(Debug)]
pub struct Preferences;

impl Wanted for Preferences {
    const DOCUMENT: Option<Document> = Some(Document::Preferences);
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
        let context = context(parts)?;
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

/// The context that the edge has put into the request.
pub(crate) fn context(parts: &Parts) -> Result<Context, ApiError> {
    parts
        .extensions
        .get()
        .cloned()
        .ok_or_else(|| ApiError::Misconfigured(Arc::from("the router is not behind its edge")))
}

impl<S: Send + Sync> FromRequestParts<S> for Context {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        context(parts)
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

/// The token of exactly one `Authorization: Bearer <token>` (RFC 6750, section 2.1).
pub(crate) fn bearer_token(headers: &HeaderMap) -> Result<&str, Unauthenticated> {
    let mut values = headers.get_all(header::AUTHORIZATION).into_iter();
    let value = values.next().ok_or(Unauthenticated::NoCredentials)?;
    if values.next().is_some() {
        return Err(Unauthenticated::MalformedHeader);
    }
    let value = value
        .to_str()
        .map_err(|_| Unauthenticated::MalformedHeader)?;
    let mut words = value.split_ascii_whitespace();
    match (words.next(), words.next(), words.next()) {
        (Some(scheme), ..) if !scheme.eq_ignore_ascii_case("bearer") => {
            Err(Unauthenticated::NoCredentials)
        }
        (Some(_), Some(token), None) => Ok(token),
        _ => Err(Unauthenticated::MalformedHeader),
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

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn token_of(values: &[&str]) -> Result<String, Unauthenticated> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(
                header::AUTHORIZATION,
                HeaderValue::from_str(value).expect("a value"),
            );
        }
        bearer_token(&headers).map(str::to_owned)
    }

    #[test]
    fn the_scheme_may_be_in_any_letter_case() {
        for value in ["Bearer a.b.c", "bearer a.b.c", "BEARER  a.b.c"] {
            assert_eq!(token_of(&[value]), Ok("a.b.c".into()));
        }
    }

    #[test]
    fn without_bearer_there_are_no_credentials() {
        for values in [&[][..], &["Basic YTpi"], &["Token x"]] {
            assert_eq!(
                token_of(values),
                Err(Unauthenticated::NoCredentials),
                "{values:?}"
            );
        }
    }

    #[test]
    fn exactly_one_token_is_expected() {
        for values in [&["Bearer"][..], &["Bearer a b"], &["Bearer a", "Bearer a"]] {
            assert_eq!(
                token_of(values),
                Err(Unauthenticated::MalformedHeader),
                "{values:?}"
            );
        }
    }
}
