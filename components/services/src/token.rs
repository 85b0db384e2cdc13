//! `POST /api/v1/services/token`: a token for a service, by client credentials (RFC 6749, section 4.4).

use std::sync::Arc;

use api::audit::{Act, Actor};
use api::credentials::ServiceSubject;
use api::digest::sha256_hex;
use api::rate_limit::{self, LimitKey};
use api::{ApiError, AuditOrigin, Body, Client, Context, Flattened, Success, random};
use axum::extract::State;
use axum::http::{HeaderMap, header};
use domain::{
    Scope, ServiceAccountId, ServiceCredentialId, ServiceTokenRequest, TokenRequestError,
};
use serde::Serialize;
use serde_json::json;

use crate::state::Services;

/// The token, as RFC 6749, section 5.1, has it.
#[derive(Debug, Serialize)]
pub(crate) struct Issued {
    access_token: String,
    token_type: &'static str,
    expires_in: u32,
    scope: String,
}

/// A service that has proved who it is.
struct Authenticated {
    account: ServiceAccountId,
    credential: ServiceCredentialId,
    scope: Scope,
}

pub(crate) async fn token(
    State(app): State<Arc<Services>>,
    client: Client,
    context: Context,
    origin: AuditOrigin,
    headers: HeaderMap,
    // Looked at after the attempt is counted: every answer tells the limit.
    body: Result<Body, ApiError>,
) -> Result<Flattened<Issued>, ApiError> {
    rate_limit::count(&app, &context, LimitKey::ServiceToken(&client.rate_key())).await?;
    let request = ServiceTokenRequest::parse(&*body?, authorization(&headers)?)?;
    let service = authenticate(&app, &request, &origin).await?;
    context.note_service(service.account);

    let scope = grant(&app, &service, &request, &origin).await?;
    let token = issue(&app, &service, &scope);
    Ok(Success::ok("Token issued successfully", token).flattened())
}

/// The one header `Authorization`, if there is any.
fn authorization(headers: &HeaderMap) -> Result<Option<&str>, TokenRequestError> {
    let mut values = headers.get_all(header::AUTHORIZATION).into_iter();
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(value), None) => value
            .to_str()
            .map(Some)
            .map_err(|_| TokenRequestError::InvalidClient),
        (Some(_), Some(_)) => Err(TokenRequestError::InvalidRequest(
            "There must not be two Authorization headers.",
        )),
    }
}

/// Looks for a live credential with this secret, of the account with this name. A secret is found by
/// its hash. An unknown client and a wrong secret are one and the same to the caller.
async fn authenticate(
    app: &Services,
    request: &ServiceTokenRequest,
    origin: &AuditOrigin,
) -> Result<Authenticated, ApiError> {
    let account = app
        .database
        .statement(include_str!("token.sql"))
        .bind(request.client_id.as_str())
        .bind(sha256_hex(request.client_secret.expose_secret()))
        .optional()
        .await?;
    let Some(row) = account else {
        return Err(refuse(app, origin, None).await);
    };
    let account = row.get("account")?;
    let Some(credential) = row.get("credential")? else {
        return Err(refuse(app, origin, Some(account)).await);
    };
    let permissions: Vec<String> = row.get("permissions")?;
    Ok(Authenticated {
        account,
        credential,
        scope: Scope::of_names(permissions.iter().map(String::as_str)),
    })
}

/// The action in the audit trail.
const ACTION: &str = "authn_token_created";

/// Refuses a client, and writes down which account it wanted to be, if there is one of the name.
async fn refuse(
    app: &Services,
    origin: &AuditOrigin,
    account: Option<ServiceAccountId>,
) -> ApiError {
    let act = Act::refused(ACTION, Actor::Anonymous)
        .to(account.map(ServiceAccountId::as_uuid))
        .with(json!({"reason": TokenRequestError::InvalidClient.code()}));
    origin.record_refusal(app, &act).await;
    TokenRequestError::InvalidClient.into()
}

/// What the token permits, which is written down before there is one.
async fn grant(
    app: &Services,
    service: &Authenticated,
    request: &ServiceTokenRequest,
    origin: &AuditOrigin,
) -> Result<Scope, ApiError> {
    let (actor, subject) = (
        Actor::Service(service.account),
        Some(service.account.as_uuid()),
    );
    let Ok(scope) = service.scope.narrowed(request.scope.as_deref()) else {
        let error = TokenRequestError::InvalidScope;
        let act = Act::refused(ACTION, actor)
            .to(subject)
            .with(json!({"reason": error.code()}));
        origin.record_refusal(app, &act).await;
        return Err(error.into());
    };
    let details = json!({
        "credential_id": service.credential.to_string(),
        "scope": scope.to_string(),
    });
    let act = Act::done(ACTION, actor).to(subject).with(details);
    origin.record(app, &act).await?;
    Ok(scope)
}

fn issue(app: &Services, service: &Authenticated, scope: &Scope) -> Issued {
    let scope = scope.to_string();
    let subject = ServiceSubject {
        account_id: service.account.to_string(),
        credential_id: service.credential.to_string(),
        scope: scope.clone(),
    };
    let now = app.clock.now().unix_seconds();
    let lifetime = app.service_token_lifetime;
    Issued {
        access_token: app
            .keyring
            .issue_service(&subject, &random::hex::<16>(), now, lifetime),
        token_type: "Bearer",
        expires_in: lifetime,
        scope,
    }
}
