//! Values of examples. A test of the suite over HTTP puts real ones in their place and makes the
//! documented requests.

use serde_json::{Value, json};

/// The identifier of a request.
pub const REQUEST_ID: &str = "5b0c6c1e-9d0f-4c0b-8a52-5d3f2f0f9d51";

/// The user of the examples.
pub const USER_ID: &str = "01935a0e-4864-7282-b0a3-3289d5c41824";

/// His e-mail address.
pub const EMAIL: &str = "ada@example.com";

/// The address that he wants instead.
pub const NEW_EMAIL: &str = "countess@example.com";

/// His password.
pub const PASSWORD: &str = "analytical-engine-1843";

/// The password that he sets instead.
pub const NEW_PASSWORD: &str = "difference-engine-1822";

/// An access token.
pub const ACCESS_TOKEN: &str =
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ0b2tlbl90eXBlIjoiYWNjZXNzIn0.c2lnbmF0dXJl";

/// A refresh token.
pub const REFRESH_TOKEN: &str =
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ0b2tlbl90eXBlIjoicmVmcmVzaCJ9.c2lnbmF0dXJl";

/// A push token of the user.
pub const PUSH_TOKEN_ID: &str = "01935a0f-2c11-7b06-a9d4-0e6f8d1b4c73";

/// A session of the user.
pub const SESSION_ID: &str = "01935a0e-4864-7a19-8c2d-7f4b1e9d0a35";

/// An event.
pub const EVENT_ID: &str = "01935a10-7b2e-7d5c-8f1a-9c0b3e6d2a47";

/// What was sent to an address.
pub const ACCOUNT_TOKEN: &str = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

/// A row of the audit trail.
pub const AUDIT_ID: &str = "01935a11-0a4f-7e6b-9d2c-1f3a5b7c9e0d";

/// The account of another service.
pub const SERVICE_ACCOUNT_ID: &str = "01935a12-5c3d-7a8e-8b1f-6d4e2c0a9f73";

/// Its name.
pub const SERVICE_NAME: &str = "push-service";

/// The secret of that account.
pub const SERVICE_SECRET: &str =
    "uss_2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae";

/// Why an administrator does something.
pub const REASON: &str = "Asked for in ticket 4711";

/// A moment.
pub const TIMESTAMP: &str = "2026-05-01T22:10:05.123456Z";

const PROFILE_ID: &str = "01935a0e-4864-7c11-9f5e-2b5d0c3a7e10";
const PREFERENCES_ID: &str = "01935a0e-4864-7d42-8b6f-61c0a9d3f5b2";

/// The user object.
pub(crate) fn user() -> Value {
    json!({
        "id": USER_ID,
        "email": EMAIL,
        "username": "ada",
        "phone_number": null,
        "is_verified": false,
        "is_active": true,
        "created_at": TIMESTAMP,
        "updated_at": TIMESTAMP,
        "last_login": TIMESTAMP,
        "profile": profile(),
        "notification_preferences": preferences(),
        "push_tokens_count": 0,
    })
}

/// His profile.
pub(crate) fn profile() -> Value {
    json!({
        "id": PROFILE_ID,
        "first_name": "Ada",
        "last_name": "Lovelace",
        "full_name": "Ada Lovelace",
        "avatar_url": null,
        "timezone": "UTC",
        "language": "en",
        "bio": "",
        "created_at": TIMESTAMP,
        "updated_at": TIMESTAMP,
    })
}

/// His notification preferences.
pub(crate) fn preferences() -> Value {
    json!({
        "id": PREFERENCES_ID,
        "email_enabled": true,
        "email_marketing": true,
        "email_transactional": true,
        "email_security": true,
        "email_system": true,
        "push_enabled": true,
        "push_marketing": false,
        "push_transactional": true,
        "push_security": true,
        "push_system": true,
        "do_not_disturb_start": "22:00:00",
        "do_not_disturb_end": "07:00:00",
        "frequency_limit": 50,
        "created_at": TIMESTAMP,
        "updated_at": TIMESTAMP,
    })
}

/// The user object with the tokens of a new session.
pub(crate) fn user_with_tokens() -> Value {
    let mut user = user();
    user["tokens"] = tokens();
    user
}

/// A push token as its owner sees it.
pub(crate) fn push_token() -> Value {
    json!({
        "id": PUSH_TOKEN_ID,
        "token_type": "fcm",
        "platform": "android",
        "device_id": "pixel-8",
        "device_name": "Ada's phone",
        "is_active": true,
        "last_used": TIMESTAMP,
        "created_at": TIMESTAMP,
        "updated_at": TIMESTAMP,
    })
}

/// A pair of tokens.
pub(crate) fn tokens() -> Value {
    json!({"refresh": REFRESH_TOKEN, "access": ACCESS_TOKEN})
}

/// How everything stands while PostgreSQL is away.
pub(crate) fn unhealthy() -> Value {
    json!({
        "service": "user-service",
        "status": "unhealthy",
        "timestamp": 1_777_673_405.123_456,
        "version": env!("CARGO_PKG_VERSION"),
        "checks": {"database": "unhealthy", "cache": "healthy"},
        "replicas": [],
        "outbox_oldest_seconds": null,
        "versions": {"postgresql": null, "redis": "7"},
        "response_time_ms": 512.25,
    })
}

/// `meta` of a list with one element.
pub(crate) fn meta() -> Value {
    json!({
        "total": 1,
        "limit": 10,
        "page": 1,
        "total_pages": 1,
        "has_next": false,
        "has_previous": false,
    })
}

/// `meta` outside of lists.
pub(crate) fn no_meta() -> Value {
    serde_json::to_value(domain::Meta::none()).unwrap_or_default()
}
