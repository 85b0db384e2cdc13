//! The one mapping of errors to answers: their texts and header fields.

use axum::response::Response;
use domain::{ErrorCode, Meta, TokenRequestError};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;
use serde_json::Value;

use super::{ApiError, Unauthenticated};
use crate::envelope::json;

impl ApiError {
    /// The `error` of the envelope. Nothing of a cause is in it.
    fn text(&self) -> String {
        match self {
            Self::Invalid(_) => "Validation failed".into(),
            Self::Malformed(text) => text.clone(),
            Self::LogoutFailed => "Logout failed".into(),
            Self::Unauthenticated(reason) => reason.to_string(),
            // The code, where clients of RFC 6749 and RFC 7009 read it.
            Self::TokenRequest(_) | Self::UnsupportedTokenType => self.code().to_string(),
            Self::Forbidden(permission) => {
                format!("This needs the permission {permission}, which the token does not have.")
            }
            Self::EmailNotVerified => {
                "Verify your email address first; POST /api/v1/auth/verification sends a message."
                    .into()
            }
            Self::NotPermitted(permission) => {
                format!("This needs the permission {permission}, which you do not have.")
            }
            Self::OwnAccount => {
                "Nobody does this to his own account; another administrator must.".into()
            }
            Self::PasswordResetRequired => {
                "You have to reset your password before you can sign in.".into()
            }
            Self::LastAdministrator => {
                "This is the last administrator; make another one first.".into()
            }
            Self::IdempotencyKeyReused => {
                "Another request had this Idempotency-Key; a new request needs a new key.".into()
            }
            Self::NotFound(what) => format!("{what} not found"),
            Self::NoRoute => "There is nothing at this URL.".into(),
            Self::MethodNotAllowed => {
                "This URL does not take this method; the header Allow lists those it takes.".into()
            }
            Self::RequestTimeout => "The body did not arrive within 10 seconds.".into(),
            Self::PayloadTooLarge => "The body must not be larger than 1 MiB.".into(),
            Self::UnsupportedMediaType(media_type) => format!(
                "Unsupported media type {media_type:?} in request; send application/json or \
                 application/x-www-form-urlencoded."
            ),
            Self::RateLimited { attempts, .. } => {
                format!("Too many {attempts}. Please try again later.")
            }
            Self::Busy => "Too many sign-ins at once. Please try again.".into(),
            Self::TemplateServiceUnavailable { .. } => {
                "The template service can't be used right now. Please try again later.".into()
            }
            Self::Unhealthy(_) => "The service can't serve; data.checks says why.".into(),
            Self::Misconfigured(_) => {
                "The service is not configured correctly; its log says what is wrong.".into()
            }
            Self::Database(error) if error.is_temporary() => {
                "The service can't be used right now. Please try again.".into()
            }
            Self::Database(_) | Self::Credentials(_) => {
                "The request failed through no fault of yours.".into()
            }
        }
    }

    fn retry_after(&self) -> Option<u64> {
        match self {
            Self::RateLimited { retry_after, .. }
            | Self::TemplateServiceUnavailable { retry_after, .. } => Some(
                retry_after
                    .as_millis()
                    .div_ceil(1000)
                    .max(1)
                    .try_into()
                    .unwrap_or(u64::MAX),
            ),
            _ if self.status() == StatusCode::SERVICE_UNAVAILABLE => Some(1),
            _ => None,
        }
    }

    /// The challenge of a refused caller: for 401 always (RFC 9110, section 11.6.1), for 403 as RFC
    /// 6750, section 3.1, has it.
    fn challenge(&self) -> Option<HeaderValue> {
        match self {
            Self::Unauthenticated(reason) => Some(reason.challenge()),
            Self::TokenRequest(TokenRequestError::InvalidClient) => {
                Some(HeaderValue::from_static(r#"Basic realm="api""#))
            }
            Self::Forbidden(permission) => insufficient_scope(permission.as_str()),
            Self::NotPermitted(permission) => insufficient_scope(permission.as_str()),
            _ => None,
        }
    }

    /// The answer, complete but for what is common to all answers.
    pub(crate) fn render(&self, request_id: &str) -> Response {
        let error = self.text();
        let data = match self {
            Self::Invalid(errors) => serde_json::to_value(errors).unwrap_or(Value::Null),
            Self::Unhealthy(found) => found.clone(),
            _ => Value::Null,
        };
        let detail = match self {
            Self::Unauthenticated(_) => Some(error.clone()),
            Self::TokenRequest(reason @ TokenRequestError::InvalidClient) => {
                Some(reason.to_string())
            }
            _ => None,
        };
        let error_description = match self {
            Self::TokenRequest(reason) => Some(reason.to_string()),
            Self::UnsupportedTokenType => Some(
                "A service's token can't be revoked by itself: rotate the account's secret, or disable the account."
                    .into(),
            ),
            _ => None,
        };
        let body = Failure {
            success: false,
            message: self.code().message(),
            error,
            data,
            meta: Meta::none(),
            code: self.code(),
            request_id,
            detail,
            error_description,
        };
        let mut response = json(self.status(), &body);
        let headers = response.headers_mut();
        if let Some(challenge) = self.challenge() {
            headers.insert(header::WWW_AUTHENTICATE, challenge);
        }
        if let Some(seconds) = self.retry_after() {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

impl Unauthenticated {
    /// The challenge (RFC 6750, section 3): no error code where no credentials were given.
    fn challenge(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::NoCredentials => r#"Bearer realm="api""#,
            Self::MalformedHeader => r#"Bearer realm="api", error="invalid_request""#,
            _ => r#"Bearer realm="api", error="invalid_token""#,
        })
    }
}

/// The challenge of a caller who is known but lacks `permission`.
fn insufficient_scope(permission: &str) -> Option<HeaderValue> {
    HeaderValue::try_from(format!(
        r#"Bearer realm="api", error="insufficient_scope", scope="{permission}""#
    ))
    .ok()
}

#[derive(Serialize)]
struct Failure<'a> {
    success: bool,
    message: &'static str,
    error: String,
    data: Value,
    meta: Meta,
    code: ErrorCode,
    request_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    /// Of RFC 6749, section 5.2.
    #[serde(skip_serializing_if = "Option::is_none")]
    error_description: Option<String>,
}
