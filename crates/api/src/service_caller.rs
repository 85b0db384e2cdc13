//! The calling service: whose token came with the request, whether it is live, and whether it
//! permits what is asked for.

use std::marker::PhantomData;
use std::ops::Deref;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use domain::{Scope, ServiceAccountId, ServiceCredentialId, ServicePermission};
use http::HeaderMap;
use http::request::Parts;
use store::user_cache::SessionState;
use store::{DatabaseError, Freshness, Row};
use telemetry::metrics::count_cache_request;

use crate::app::Access;
use crate::bearer::bearer_token;
use crate::client::Client;
use crate::context::Context;
use crate::credentials::{Claims, TokenType};
use crate::error::{ApiError, Unauthenticated};
use crate::rate_limit::{count_anonymous, count_service_request};
use crate::spawn;

/// The permission that a route needs, as a type: `CurrentService<permission::UsersRead>`.
pub trait Needed: Send + Sync {
    /// The permission.
    const PERMISSION: ServicePermission;
}

/// A type for each permission that a route may need.
pub mod permission {
    use domain::ServicePermission;

    use super::Needed;

    macro_rules! needed {
        ($($name:ident)*) => {$(
            #[doc = concat!("The route needs [`ServicePermission::", stringify!($name), "`].")]
            #[derive(Debug)]
            pub struct $name;

            impl Needed for $name {
                const PERMISSION: ServicePermission = ServicePermission::$name;
            }
        )*};
    }

    needed! {
        UsersRead
        PreferencesRead
        PushTokensRead
        DeliveryDecide
        PushTokensFeedback
        UnsubscribeLink
        TemplatesPreview
        TokensIntrospect
        TokensRevoke
    }
}

/// A service with a live token that has the permission `P`.
#[derive(Debug)]
pub struct CurrentService<P> {
    /// Its account.
    pub id: ServiceAccountId,
    needed: PhantomData<P>,
}

impl<S, P> FromRequestParts<Arc<S>> for CurrentService<P>
where
    S: AsRef<Access> + Send + Sync,
    P: Needed,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &Arc<S>) -> Result<Self, ApiError> {
        let access: &Access = state.deref().as_ref();
        let context = Context::of(parts)?;
        let token = match ServiceToken::of(access, &parts.headers) {
            Ok(token) => token,
            Err(reason) => {
                let client = Client::of(&parts.headers, &access.config.trusted_proxies);
                count_anonymous(access, &context, &client).await?;
                return Err(reason.into());
            }
        };
        context.note_service(token.account);

        let seen = count_service_request(access, &context, token.account, &token.id).await?;
        let known = seen.as_ref().map(|seen| seen.session.is_some());
        count_cache_request("service_token", known);
        match seen.and_then(|seen| seen.session) {
            Some(SessionState::Live) => {}
            Some(SessionState::Revoked) => return Err(Unauthenticated::InvalidAccessToken.into()),
            None => confirm(access, &token).await?,
        }
        if !Scope::of_names(token.scope()).permits(P::PERMISSION) {
            return Err(ApiError::Forbidden(P::PERMISSION));
        }
        Ok(Self {
            id: token.account,
            needed: PhantomData,
        })
    }
}

/// What a verified service token says.
#[derive(Debug)]
pub struct ServiceToken {
    account: ServiceAccountId,
    credential: ServiceCredentialId,
    id: String,
    scope: String,
}

impl ServiceToken {
    /// Takes what a token whose signature is good says; nothing if it is no service token of ours.
    pub fn from_claims(claims: Claims) -> Option<Self> {
        Some(Self {
            account: ServiceAccountId::parse(&claims.user_id).ok()?,
            credential: ServiceCredentialId::parse(&claims.session_id?).ok()?,
            id: claims.token_id,
            scope: claims.scope,
        })
    }

    /// Verifies the one service token of the request.
    fn of(access: &Access, headers: &HeaderMap) -> Result<Self, Unauthenticated> {
        let token = bearer_token(headers)?;
        let now = access.clock.now().unix_seconds();
        let claims = access.keyring.verify(token, TokenType::Service, now);
        claims
            .ok()
            .and_then(Self::from_claims)
            .ok_or(Unauthenticated::InvalidAccessToken)
    }

    /// Asks PostgreSQL whether the token is live: its credential, its account, and all of its scope.
    ///
    /// # Errors
    /// [`ApiError::Database`] if that is not known.
    pub async fn is_live(&self, access: &Access) -> Result<bool, ApiError> {
        Ok(self.confirmation(access).await?.is_some())
    }

    /// PostgreSQL's answer: a row if the token is live.
    async fn confirmation(&self, access: &Access) -> Result<Option<Row>, DatabaseError> {
        let scope: Vec<String> = self.scope().map(str::to_owned).collect();
        access
            .database
            .read(include_str!("service_caller.sql"), Freshness::Newest)
            .bind(self.account)
            .bind(self.credential)
            .bind(scope)
            .optional()
            .await
    }

    fn scope(&self) -> impl Iterator<Item = &str> {
        self.scope.split_ascii_whitespace()
    }
}

/// Asks PostgreSQL whether the token is live, and tells Redis so once the answer is out, unless a replica
/// has answered in the primary's place.
async fn confirm(access: &Access, token: &ServiceToken) -> Result<(), ApiError> {
    let live = token.confirmation(access).await?;
    let live = live.ok_or(Unauthenticated::InvalidAccessToken)?;
    if live.is_perhaps_old() {
        return Ok(());
    }
    let (cache, account, id) = (
        access.service_cache.clone(),
        token.account,
        token.id.clone(),
    );
    spawn(async move {
        let _ = cache.note_live(account, &id).await;
    });
    Ok(())
}
