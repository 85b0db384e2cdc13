//! One enum for everything that can go wrong with a request, and the code by which programs know it.

mod answer;

use std::sync::Arc;
use std::time::Duration;

use axum::response::{IntoResponse, Response};
use domain::{ErrorCode, FieldErrors, ServicePermission, StaffPermission, TokenRequestError};
use http::StatusCode;
use serde_json::Value;
use store::DatabaseError;

use crate::idempotency::Record;

/// Why a request is not answered as its client hoped; the variants name the client's problem.
#[derive(Debug, thiserror::Error)]
pub enum ApiError {
    /// 422: fields of the request break rules.
    #[error("fields of the request break rules")]
    Invalid(FieldErrors),

    /// 400: the request can't be read; the text says where.
    #[error("the request is malformed: {0}")]
    Malformed(String),

    /// 400: logging out of a session that is not the caller's, or with what is no token.
    #[error("not a refresh token of the caller")]
    LogoutFailed,

    /// 401.
    #[error("not authenticated: {0}")]
    Unauthenticated(#[from] Unauthenticated),

    /// 400 or 401: a service gets no token (RFC 6749, section 5.2).
    #[error("no token for a service: {}", .0.code())]
    TokenRequest(#[from] TokenRequestError),

    /// 400: a service's token is to be revoked, which can't be by itself (RFC 7009, section 2.2.1).
    #[error("a service's token can't be revoked by itself")]
    UnsupportedTokenType,

    /// 403: the calling service lacks a permission.
    #[error("the service lacks the permission {0}")]
    Forbidden(ServicePermission),

    /// 403: the account's e-mail address has to be verified before a login.
    #[error("the account's e-mail address is not verified")]
    EmailNotVerified,

    /// 403: the user lacks a permission.
    #[error("the user lacks the permission {0}")]
    NotPermitted(StaffPermission),
    /// 403: an administrator may do this, but not to himself.
    #[error("an administrator does this to himself")]
    OwnAccount,
    /// 403: the password is right, but it has to be reset first.
    #[error("the password has to be reset")]
    PasswordResetRequired,
    /// 409: there would be no administrator left.
    #[error("there would be no administrator left")]
    LastAdministrator,
    /// 422: another request had this idempotency key.
    #[error("the idempotency key is that of another request")]
    IdempotencyKeyReused,
    /// 404: no such object, or somebody else's; the text names the kind of object.
    #[error("{0} not found")]
    NotFound(&'static str),

    /// 404: no such route.
    #[error("no such route")]
    NoRoute,

    /// 405; `Allow` is set by the router.
    #[error("method not allowed")]
    MethodNotAllowed,

    /// 408: the body did not arrive in time.
    #[error("the body did not arrive in time")]
    RequestTimeout,

    /// 413: the body is larger than is read.
    #[error("the body is too large")]
    PayloadTooLarge,

    /// 415: the body is of a media type that is not read.
    #[error("media type {0:?} is not supported")]
    UnsupportedMediaType(String),

    /// 429: too many attempts; the text says at what.
    #[error("too many {attempts}")]
    RateLimited {
        /// What was attempted too often: "login attempts".
        attempts: &'static str,
        /// When the next one is allowed.
        retry_after: Duration,
    },

    /// 503: all places for computing password hashes are taken.
    #[error("too many password hashes at once")]
    Busy,

    /// 503: the template service is not used, or does not answer as it should.
    #[error("the template service can't be used: {cause}")]
    TemplateServiceUnavailable {
        /// Why; for the log.
        cause: String,
        /// When it is worth another try.
        retry_after: Duration,
    },

    /// 503: the service can't serve; carries what was found out.
    #[error("unhealthy")]
    Unhealthy(Value),

    /// 503: a setting is missing or wrong, so nothing is served.
    #[error("misconfigured: {0}")]
    Misconfigured(Arc<str>),

    /// 503 if the database is away, else 500.
    #[error(transparent)]
    Database(DatabaseError),

    /// 500: the library component refused what it should take.
    #[error("credentials: {0}")]
    Credentials(String),
}

/// Why the caller is not known; each has the text and code by which old clients know it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unauthenticated {
    /// There is no `Authorization` header with the scheme `Bearer`.
    #[error("Authentication credentials were not provided.")]
    NoCredentials,
    /// The header is not `Bearer` and one token.
    #[error("Authorization header must contain two space-delimited values")]
    MalformedHeader,
    /// The access token is forged, expired or not an access token, or its session has ended.
    #[error("Given token not valid for any token type")]
    InvalidAccessToken,
    /// The refresh token is forged, expired or of another service.
    #[error("Token is invalid or expired")]
    InvalidRefreshToken,
    /// An access token where a refresh token is wanted.
    #[error("Token has wrong type")]
    WrongTokenType,
    /// The refresh token's session has ended, or the token was used before.
    #[error("Token is blacklisted")]
    RevokedRefreshToken,
}

impl Unauthenticated {
    fn code(self) -> ErrorCode {
        match self {
            Self::NoCredentials => ErrorCode::NotAuthenticated,
            Self::MalformedHeader => ErrorCode::BadAuthorizationHeader,
            _ => ErrorCode::TokenNotValid,
        }
    }
}

impl From<FieldErrors> for ApiError {
    fn from(errors: FieldErrors) -> Self {
        Self::Invalid(errors)
    }
}

impl From<DatabaseError> for ApiError {
    fn from(error: DatabaseError) -> Self {
        if error.violates("user_roles_last_administrator") {
            Self::LastAdministrator
        } else if Record::is_known(&error) {
            Self::IdempotencyKeyReused
        } else {
            Self::Database(error)
        }
    }
}

impl ApiError {
    /// The status of the answer.
    pub fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.code().status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// The stable name of the error for programs.
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::Invalid(_) => ErrorCode::ValidationFailed,
            Self::Malformed(_) => ErrorCode::MalformedRequest,
            Self::LogoutFailed => ErrorCode::LogoutFailed,
            Self::Unauthenticated(reason) => reason.code(),
            Self::TokenRequest(reason) => reason.code(),
            Self::UnsupportedTokenType => ErrorCode::UnsupportedTokenType,
            Self::Forbidden(_) | Self::NotPermitted(_) => ErrorCode::Forbidden,
            Self::OwnAccount => ErrorCode::OwnAccount,
            Self::PasswordResetRequired => ErrorCode::PasswordResetRequired,
            Self::LastAdministrator => ErrorCode::LastAdministrator,
            Self::IdempotencyKeyReused => ErrorCode::IdempotencyKeyReused,
            Self::EmailNotVerified => ErrorCode::EmailNotVerified,
            Self::NotFound(_) | Self::NoRoute => ErrorCode::NotFound,
            Self::MethodNotAllowed => ErrorCode::MethodNotAllowed,
            Self::RequestTimeout => ErrorCode::RequestTimeout,
            Self::PayloadTooLarge => ErrorCode::PayloadTooLarge,
            Self::UnsupportedMediaType(_) => ErrorCode::UnsupportedMediaType,
            Self::RateLimited { .. } => ErrorCode::RateLimited,
            Self::Busy => ErrorCode::Busy,
            Self::TemplateServiceUnavailable { .. } => ErrorCode::TemplateServiceUnavailable,
            Self::Unhealthy(_) => ErrorCode::Unhealthy,
            Self::Misconfigured(_) => ErrorCode::Misconfigured,
            Self::Database(error) if error.is_temporary() => ErrorCode::Unavailable,
            Self::Database(_) | Self::Credentials(_) => ErrorCode::InternalError,
        }
    }
}

/// An error on its way to the edge, which renders it and logs its cause once.
#[derive(Clone, Debug)]
pub(crate) struct Pending(pub(crate) Arc<ApiError>);

impl IntoResponse for Pending {
    fn into_response(self) -> Response {
        let mut response = self.0.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        Pending(Arc::new(self)).into_response()
    }
}
