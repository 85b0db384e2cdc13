//! Bodies, by the parser of each route that reads one.

use domain::{
    AccountDeletion, AddressRequest, EmailChange, FieldErrors, Login, Logout,
    PasswordChangeRequest, PasswordReset, PreferencesChange, ProfileChange, PushFeedback,
    PushTokenChange, PushTokenRegistration, Registration, ServiceTokenRequest, TokenRefresh,
    UserLookup, form,
};
use serde_json::Value;

/// What a route makes of a body.
type Parser = fn(&Value) -> Result<(), FieldErrors>;

/// The parsers that answer with errors of fields.
const PARSERS: &[Parser] = &[
    |body| Registration::parse(body).map(drop),
    |body| Login::parse(body).map(drop),
    |body| Logout::parse(body).map(drop),
    |body| TokenRefresh::parse(body).map(drop),
    |body| {
        PasswordChangeRequest::parse(body)?
            .accept(FieldErrors::new())
            .map(drop)
    },
    |body| PasswordReset::parse(body).map(drop),
    |body| AddressRequest::parse(body).map(drop),
    |body| EmailChange::parse(body).map(drop),
    |body| AccountDeletion::parse(body).map(drop),
    |body| ProfileChange::parse(body).map(drop),
    |body| PreferencesChange::parse(body).map(drop),
    |body| PushTokenRegistration::parse(body).map(drop),
    |body| PushTokenChange::parse(body).map(drop),
    |body| PushFeedback::parse(body).map(drop),
    |body| UserLookup::parse(body).map(drop),
    |body| domain::delivery::DeliveryRequest::parse(body).map(drop),
    |body| domain::delivery::DeliveryBatch::parse(body).map(drop),
];

/// Each route reads `body`, or says what is wrong with it.
fn read_by_all(body: &Value) {
    for parse in PARSERS {
        if let Err(errors) = parse(body) {
            let told = serde_json::to_value(&errors).expect("errors are JSON");
            assert!(!told.as_object().expect("an object").is_empty(), "{body}");
        }
    }
    if let Err(error) = ServiceTokenRequest::parse(body, None) {
        assert!(error.code().status() < 500, "{error}");
    }
}

#[test]
fn whatever_a_body_holds_it_is_read_or_refused_field_by_field() {
    bolero::check!().for_each(|bytes: &[u8]| {
        if let Ok(body) = serde_json::from_slice(bytes) {
            read_by_all(&body);
        }
        if let Ok(body) = form::parse(bytes) {
            read_by_all(&body);
        }
    });
}

/// Random bytes are seldom JSON; these are fields that the routes know, with random values.
#[test]
fn whatever_is_in_a_known_field_it_is_read_or_refused() {
    const FIELDS: &[&str] = &[
        "name",
        "email",
        "password",
        "push_token",
        "preferences",
        "refresh",
        "refresh_token",
        "old_password",
        "new_password",
        "new_password_confirm",
        "token",
        "code",
        "platform",
        "token_type",
        "device_id",
        "device_name",
        "is_active",
        "username",
        "phone_number",
        "profile",
        "avatar_url",
        "timezone",
        "language",
        "bio",
        "frequency_limit",
        "do_not_disturb_start",
        "do_not_disturb_end",
        "email_enabled",
        "user_id",
        "channel",
        "category",
        "ids",
        "emails",
        "provider",
        "reason",
        "message",
        "observed_at",
        "requests",
        "idempotency_key",
    ];
    bolero::check!()
        .with_type::<Vec<(u8, u8, String, i64)>>()
        .for_each(|fields| {
            let value = |kind: u8, text: &str, number: i64| match kind % 6 {
                0 => Value::from(text),
                1 => Value::from(number),
                2 => Value::from(number % 2 == 0),
                3 => Value::Null,
                4 => Value::from(vec![text]),
                _ => serde_json::json!({"endpoint": text, "keys": {"auth": text}}),
            };
            let body: Value = fields
                .iter()
                .map(|(field, kind, text, number)| {
                    let field = FIELDS[usize::from(*field) % FIELDS.len()];
                    (field.to_owned(), value(*kind, text, *number))
                })
                .collect::<serde_json::Map<_, _>>()
                .into();
            read_by_all(&body);
        });
}
