//! A device on which a user is reached.

use domain::{Platform, PushTokenRegistration, PushTokenType, PushTokenValue};
use serde_json::json;

use crate::schema::{
    Field, Schema, any_of, boolean, field, object, optional, partial, request, string, text,
    timestamp, uuid, words,
};

/// The schemas.
pub(crate) fn schemas() -> Vec<(&'static str, Schema)> {
    vec![
        ("PushToken", object(fields())),
        ("SomeOfPushToken", partial(fields())),
        ("PushTokenWithValue", object(fields_with_value())),
        ("WebPushSubscription", subscription()),
    ]
}

/// The fields that its owner sees: never the token itself.
pub(crate) fn fields() -> Vec<Field> {
    vec![
        field("id", uuid(), "Which push token."),
        field("token_type", token_type(), "Its push service."),
        field("platform", platform(), "What kind of device it reaches."),
        field(
            "device_id",
            device_text(),
            "What the client calls the device.",
        ),
        field(
            "device_name",
            device_text(),
            "What the user calls the device.",
        ),
        field("is_active", boolean(), "Whether messages go to it."),
        field(
            "last_used",
            timestamp(),
            "When it was registered or changed at last.",
        ),
        field("created_at", timestamp(), "When it was made."),
        field("updated_at", timestamp(), "When it changed at last."),
    ]
}

fn fields_with_value() -> Vec<Field> {
    let mut fields = fields();
    let text = "The token itself; of a Web Push subscription its compact JSON.";
    fields.insert(1, field("token", stored_value(), text));
    fields
}

/// The token itself, as a request has it.
pub(crate) fn value() -> Schema {
    any_of([
        stored_value(),
        crate::schema::reference("WebPushSubscription"),
    ])
}

/// The token itself, as text.
pub(crate) fn stored_value() -> Schema {
    text(PushTokenValue::MOST_BYTES)
        .with("minLength", 1)
        .with("pattern", r"\S")
}

/// The push service of a token.
pub(crate) fn token_type() -> Schema {
    words(PushTokenType::ALL.map(PushTokenType::as_str))
}

/// What kind of device it reaches.
pub(crate) fn platform() -> Schema {
    words(Platform::ALL.map(Platform::as_str))
}

/// What a device is called.
pub(crate) fn device_text() -> Schema {
    text(PushTokenRegistration::LONGEST_DEVICE_TEXT)
}

fn subscription() -> Schema {
    let expiration = Schema::from(json!({"type": ["number", "null"], "minimum": 0}));
    let keys = request([
        field(
            "p256dh",
            string(),
            "65 bytes in base64url, the first of them 4.",
        ),
        field("auth", string(), "16 bytes in base64url."),
    ]);
    request([
        field(
            "endpoint",
            string().with("format", "uri").with("pattern", "^https://"),
            "A URL with a public host, without a user name and a fragment.",
        ),
        optional("expirationTime", expiration, "Milliseconds since 1970."),
        field("keys", keys, "To encrypt messages with."),
    ])
    .described("A Web Push subscription, as a browser gives it to a page (W3C Push API).")
}
