//! `POST /api/v1/services/introspect`: whether a token is good right now, and what it says (RFC 7662).

use std::sync::Arc;

use api::credentials::TokenType;
use api::service_caller::ServiceToken;
use api::service_caller::permission::TokensIntrospect;
use api::{ApiError, Body, CurrentService, Flattened, Success};
use axum::extract::State;
use domain::PresentedToken;
use serde::Serialize;
use store::Freshness;

use crate::presented::Verified;
use crate::state::Services;

/// The answer, as RFC 7662, section 2.2, has it: of a token that is not good nothing else is told.
#[derive(Debug, Serialize)]
pub(crate) struct Introspection {
    active: bool,
    #[serde(flatten)]
    token: Option<Described>,
}

/// What the token says.
#[derive(Debug, Serialize)]
struct Described {
    /// How it is presented (RFC 6749, section 7.1).
    token_type: &'static str,
    /// What it is for: `access`, `refresh` or `service`.
    token_use: &'static str,
    scope: String,
    sub: String,
    sid: Option<String>,
    jti: String,
    exp: u64,
}

pub(crate) async fn introspect(
    State(app): State<Arc<Services>>,
    _: CurrentService<TokensIntrospect>,
    body: Body,
) -> Result<Flattened<Introspection>, ApiError> {
    let request = PresentedToken::parse(&body)?;
    let token = match Verified::of(&app, &request.token) {
        Some(token) if is_live(&app, &token).await? => Some(Described::from(token)),
        _ => None,
    };
    let active = token.is_some();
    Ok(Success::ok("Token introspected", Introspection { active, token }).flattened())
}

async fn is_live(app: &Services, token: &Verified) -> Result<bool, ApiError> {
    match (token.session(), token.token_type) {
        (Some((user, session)), _) => {
            let row = app
                .database
                .read(include_str!("introspect.sql"), Freshness::Newest)
                .bind(session)
                .bind(user)
                .bind(token.claims.generation)
                .optional()
                .await?;
            Ok(row.is_some())
        }
        (None, TokenType::Service) => match ServiceToken::from_claims(token.claims.clone()) {
            Some(token) => token.is_live(app).await,
            None => Ok(false),
        },
        // Of the service that this one replaces: its tokens have no session.
        (None, _) => Ok(false),
    }
}

impl From<Verified> for Described {
    fn from(Verified { token_type, claims }: Verified) -> Self {
        Self {
            token_type: "Bearer",
            token_use: match token_type {
                TokenType::Access => "access",
                TokenType::Refresh => "refresh",
                TokenType::Service => "service",
            },
            scope: claims.scope,
            sub: claims.user_id,
            sid: claims.session_id,
            jti: claims.token_id,
            exp: claims.expires_at,
        }
    }
}
