//! The codes by which programs tell failures apart. `docs/errors.md`, `openapi.json` and every answer have
//! them from here.

use std::fmt;

use serde::{Serialize, Serializer};

/// Why a request failed: the field `code` of a failure. The words never change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ErrorCode {
    /// The body can't be read.
    MalformedRequest,
    /// A logout names what is not a refresh token of the caller.
    LogoutFailed,
    /// A request for a service's token is incomplete or contradicts itself (RFC 6749, section 5.2).
    InvalidRequest,
    /// A service's token is asked for by another grant (RFC 6749, section 5.2).
    UnsupportedGrantType,
    /// A service asks for more than its account may do (RFC 6749, section 5.2).
    InvalidScope,
    /// A token is to be revoked that can't be by itself (RFC 7009, section 2.2.1).
    UnsupportedTokenType,
    /// A service has not proved who it is (RFC 6749, section 5.2).
    InvalidClient,
    /// There is no `Authorization: Bearer`.
    NotAuthenticated,
    /// The header `Authorization` is not `Bearer` and one token.
    BadAuthorizationHeader,
    /// The token is not good.
    TokenNotValid,
    /// The caller is known, and lacks a permission.
    Forbidden,
    /// The address of the account has to be verified first.
    EmailNotVerified,
    /// An administrator does to himself what he may do to others.
    OwnAccount,
    /// The password has to be reset first.
    PasswordResetRequired,
    /// There is no such route or object.
    NotFound,
    /// The URL does not take the method.
    MethodNotAllowed,
    /// The body does not arrive in time.
    RequestTimeout,
    /// There would be no administrator left.
    LastAdministrator,
    /// The body is larger than is read.
    PayloadTooLarge,
    /// The body is of a media type that is not read.
    UnsupportedMediaType,
    /// Fields of the request break rules.
    ValidationFailed,
    /// Another request had the same idempotency key.
    IdempotencyKeyReused,
    /// A limit is reached.
    RateLimited,
    /// A fault of ours.
    InternalError,
    /// PostgreSQL does not answer.
    Unavailable,
    /// Too many passwords are being hashed.
    Busy,
    /// The template service can't be used.
    TemplateServiceUnavailable,
    /// The service can't serve.
    Unhealthy,
    /// A setting is missing or wrong.
    Misconfigured,
}

impl ErrorCode {
    /// All of them, by status.
    pub const ALL: [Self; 29] = [
        Self::MalformedRequest,
        Self::LogoutFailed,
        Self::InvalidRequest,
        Self::UnsupportedGrantType,
        Self::InvalidScope,
        Self::UnsupportedTokenType,
        Self::InvalidClient,
        Self::NotAuthenticated,
        Self::BadAuthorizationHeader,
        Self::TokenNotValid,
        Self::Forbidden,
        Self::EmailNotVerified,
        Self::OwnAccount,
        Self::PasswordResetRequired,
        Self::NotFound,
        Self::MethodNotAllowed,
        Self::RequestTimeout,
        Self::LastAdministrator,
        Self::PayloadTooLarge,
        Self::UnsupportedMediaType,
        Self::ValidationFailed,
        Self::IdempotencyKeyReused,
        Self::RateLimited,
        Self::InternalError,
        Self::Unavailable,
        Self::Busy,
        Self::TemplateServiceUnavailable,
        Self::Unhealthy,
        Self::Misconfigured,
    ];

    /// The word for it in answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::MalformedRequest => "malformed_request",
            Self::LogoutFailed => "logout_failed",
            Self::InvalidRequest => "invalid_request",
            Self::UnsupportedGrantType => "unsupported_grant_type",
            Self::InvalidScope => "invalid_scope",
            Self::UnsupportedTokenType => "unsupported_token_type",
            Self::InvalidClient => "invalid_client",
            Self::NotAuthenticated => "not_authenticated",
            Self::BadAuthorizationHeader => "bad_authorization_header",
            Self::TokenNotValid => "token_not_valid",
            Self::Forbidden => "forbidden",
            Self::EmailNotVerified => "email_not_verified",
            Self::OwnAccount => "own_account",
            Self::PasswordResetRequired => "password_reset_required",
            Self::NotFound => "not_found",
            Self::MethodNotAllowed => "method_not_allowed",
            Self::RequestTimeout => "request_timeout",
            Self::LastAdministrator => "last_administrator",
            Self::PayloadTooLarge => "payload_too_large",
            Self::UnsupportedMediaType => "unsupported_media_type",
            Self::ValidationFailed => "validation_failed",
            Self::IdempotencyKeyReused => "idempotency_key_reused",
            Self::RateLimited => "rate_limited",
            Self::InternalError => "internal_error",
            Self::Unavailable => "unavailable",
            Self::Busy => "busy",
            Self::TemplateServiceUnavailable => "template_service_unavailable",
            Self::Unhealthy => "unhealthy",
            Self::Misconfigured => "misconfigured",
        }
    }

    /// The status of the answer (RFC 9110, section 15).
    pub fn status(self) -> u16 {
        match self {
            Self::MalformedRequest
            | Self::LogoutFailed
            | Self::InvalidRequest
            | Self::UnsupportedGrantType
            | Self::InvalidScope
            | Self::UnsupportedTokenType => 400,
            Self::InvalidClient
            | Self::NotAuthenticated
            | Self::BadAuthorizationHeader
            | Self::TokenNotValid => 401,
            Self::Forbidden
            | Self::EmailNotVerified
            | Self::OwnAccount
            | Self::PasswordResetRequired => 403,
            Self::NotFound => 404,
            Self::MethodNotAllowed => 405,
            Self::RequestTimeout => 408,
            Self::LastAdministrator => 409,
            Self::PayloadTooLarge => 413,
            Self::UnsupportedMediaType => 415,
            Self::ValidationFailed | Self::IdempotencyKeyReused => 422,
            Self::RateLimited => 429,
            Self::InternalError => 500,
            Self::Unavailable
            | Self::Busy
            | Self::TemplateServiceUnavailable
            | Self::Unhealthy
            | Self::Misconfigured => 503,
        }
    }

    /// The `message` of the answer.
    pub fn message(self) -> &'static str {
        match self {
            Self::MalformedRequest => "Malformed request",
            Self::LogoutFailed => "An error occurred during logout",
            Self::InvalidRequest
            | Self::UnsupportedGrantType
            | Self::InvalidScope
            | Self::InvalidClient => "No token was issued",
            Self::UnsupportedTokenType => "Token not revoked",
            Self::NotAuthenticated | Self::BadAuthorizationHeader | Self::TokenNotValid => {
                "Authentication failed"
            }
            Self::Forbidden | Self::OwnAccount => "Permission denied",
            Self::EmailNotVerified => "Email not verified",
            Self::PasswordResetRequired => "Password reset required",
            Self::NotFound => "Not found",
            Self::MethodNotAllowed => "Method not allowed",
            Self::RequestTimeout => "Request timeout",
            Self::LastAdministrator => "Conflict",
            Self::PayloadTooLarge => "Request too large",
            Self::UnsupportedMediaType => "Unsupported media type",
            Self::ValidationFailed => "Invalid input data",
            Self::IdempotencyKeyReused => "Idempotency key reused",
            Self::RateLimited => "Rate limit exceeded",
            Self::InternalError => "Internal error",
            Self::Unavailable | Self::Misconfigured => "Service unavailable",
            Self::Busy => "Service busy",
            Self::TemplateServiceUnavailable => "Template service unavailable",
            Self::Unhealthy => "Health check completed",
        }
    }

    /// When that happens, in Markdown.
    pub fn cause(self) -> &'static str {
        match self {
            Self::MalformedRequest => {
                "The body can't be read, or the header `Idempotency-Key`; `error` says where."
            }
            Self::LogoutFailed => {
                "`refresh_token` is not a refresh token of the caller. Nothing has ended."
            }
            Self::InvalidRequest => {
                "A parameter is missing, or the client is authenticated in two ways (RFC 6749, section 5.2)."
            }
            Self::UnsupportedGrantType => {
                "`grant_type` is not `client_credentials` (RFC 6749, section 5.2)."
            }
            Self::InvalidScope => {
                "`scope` asks for more than the account may do (RFC 6749, section 5.2)."
            }
            Self::UnsupportedTokenType => {
                "The token is a service's, which can't be revoked by itself (RFC 7009, section 2.2.1). It is as good as before."
            }
            Self::InvalidClient => {
                "Name and secret are not those of a live service account; which of the two is not told (RFC 6749, section 5.2)."
            }
            Self::NotAuthenticated => "There is no `Authorization: Bearer`.",
            Self::BadAuthorizationHeader => {
                "The header `Authorization` is not `Bearer` and one token, or there are two of it."
            }
            Self::TokenNotValid => {
                "The token is forged, has expired or is of the wrong type, or its session or credential has ended."
            }
            Self::Forbidden => {
                "The caller is known, and lacks the permission that `error` names: the token of a service, or the roles of a user."
            }
            Self::EmailNotVerified => {
                "The password is right, but the account's address has to be verified before a login (setting `email_verification`)."
            }
            Self::OwnAccount => "An administrator does this to others, not to himself.",
            Self::PasswordResetRequired => {
                "The password is right, but an administrator has asked for it to be reset."
            }
            Self::NotFound => {
                "No such route, no such object, or somebody else's: the three are not told apart."
            }
            Self::MethodNotAllowed => {
                "The URL does not take the method; `Allow` lists those that it takes."
            }
            Self::RequestTimeout => "The body did not arrive within 10 seconds. Nothing was done.",
            Self::LastAdministrator => {
                "There would be no administrator left who can sign in. Nothing was changed."
            }
            Self::PayloadTooLarge => "The body is larger than 1 MiB.",
            Self::UnsupportedMediaType => {
                "The body is neither `application/json` nor `application/x-www-form-urlencoded`."
            }
            Self::ValidationFailed => {
                "`data` lists every broken rule of every field. Nothing was changed."
            }
            Self::IdempotencyKeyReused => {
                "Another request had this `Idempotency-Key`. Nothing was done."
            }
            Self::RateLimited => "A limit is reached; `RateLimit` says which.",
            Self::InternalError => {
                "A fault of the service; its log has the cause under the `request_id`."
            }
            Self::Unavailable => "PostgreSQL does not answer in time.",
            Self::Busy => "Too many passwords are being hashed at once.",
            Self::TemplateServiceUnavailable => {
                "The template service is not configured, does not answer as it should, or is left alone for some seconds."
            }
            Self::Unhealthy => {
                "Health routes only: the service can't serve, and `data.checks` says why."
            }
            Self::Misconfigured => "A setting is missing or wrong; the log names it.",
        }
    }

    /// What a client should do then, in Markdown.
    pub fn advice(self) -> &'static str {
        match self {
            Self::MalformedRequest | Self::InvalidRequest | Self::UnsupportedGrantType => {
                "Mend the request; the same one fails again."
            }
            Self::LogoutFailed => {
                "Send a refresh token of the caller, or none to end the session of the access token."
            }
            Self::InvalidScope => {
                "Ask for less, or for nothing to get all that the account may do."
            }
            Self::UnsupportedTokenType => {
                "Have an administrator rotate the account's secret or disable the account: its tokens end within a minute."
            }
            Self::InvalidClient => {
                "Check name and secret. Ask the operator for a new secret if it was rotated."
            }
            Self::NotAuthenticated | Self::BadAuthorizationHeader => {
                "Send exactly one `Authorization: Bearer <token>`."
            }
            Self::TokenNotValid => {
                "Refresh once, and sign in again if that fails; a service asks for a new token."
            }
            Self::Forbidden => {
                "Do not repeat it. An administrator or operator can grant the permission."
            }
            Self::EmailNotVerified => {
                "Have a message sent by `POST /api/v1/auth/verification`, confirm it, and sign in again."
            }
            Self::OwnAccount => "Have another administrator do it.",
            Self::PasswordResetRequired => {
                "Reset the password by `POST /api/v1/auth/password-reset`, and sign in with the new one."
            }
            Self::NotFound => "Do not repeat it. Look the object up again.",
            Self::MethodNotAllowed => "Use one of the methods of `Allow`.",
            Self::RequestTimeout => "Send it again, as a whole.",
            Self::LastAdministrator => "Make another administrator first.",
            Self::PayloadTooLarge => "Send less, in several requests if need be.",
            Self::UnsupportedMediaType => "Send JSON, with its `Content-Type`.",
            Self::ValidationFailed => {
                "Show the texts of `data` beside their fields, and send again."
            }
            Self::IdempotencyKeyReused => {
                "Give each request a key of its own, and the same one only to its repetitions."
            }
            Self::RateLimited => "Wait for `Retry-After` seconds.",
            Self::InternalError => {
                "Report the `request_id`. A read may be repeated; look before a change is, it may have been made."
            }
            Self::Unavailable | Self::Busy | Self::TemplateServiceUnavailable => {
                "Repeat it after `Retry-After` seconds, each time later, with some chance in it."
            }
            Self::Unhealthy => "Send requests to another host until it is healthy.",
            Self::Misconfigured => "Tell the operator.",
        }
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for ErrorCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_code_is_a_word_of_its_own_and_they_are_sorted_by_status() {
        for (index, code) in ErrorCode::ALL.into_iter().enumerate() {
            let others = &ErrorCode::ALL[index + 1..];
            assert!(others.iter().all(|other| other.as_str() != code.as_str()));
            assert!(others.iter().all(|other| other.status() >= code.status()));
            let is_word = |byte: u8| byte.is_ascii_lowercase() || byte == b'_';
            assert!(code.as_str().bytes().all(is_word), "{code}");
        }
    }

    #[test]
    fn each_text_is_a_sentence_that_fits_into_a_table() {
        for code in ErrorCode::ALL {
            for text in [code.cause(), code.advice()] {
                assert!(text.ends_with('.') && !text.contains(['|', '\n']), "{text}");
            }
        }
    }
}
