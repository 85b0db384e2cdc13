//! What the tests of several modules share.

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::field_errors::{FieldErrors, Parsed};

/// The errors of a refused request as they go over the wire.
pub(crate) fn errors_of<T: std::fmt::Debug>(result: Result<T, FieldErrors>) -> Value {
    json!(result.expect_err("should have been refused"))
}

/// The errors of a refused value as they go over the wire.
pub(crate) fn problem_of<T: std::fmt::Debug>(result: Parsed<T>) -> Value {
    json!(result.expect_err("should have been refused"))
}

/// Any JSON, with the contract's field names among the keys, so that parsers get somewhere.
pub(crate) fn arbitrary_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(|value| json!(value)),
        any::<i64>().prop_map(|value| json!(value)),
        any::<f64>().prop_map(|value| json!(value)),
        any::<String>().prop_map(|value| json!(value)),
        "[a-z0-9@.+:/ \\[\\]\"\u{0}%-]{0,40}".prop_map(|value| json!(value)),
    ];
    let key = prop_oneof![
        proptest::sample::select(vec![
            "name",
            "email",
            "password",
            "preferences",
            "push",
            "push_token",
            "profile",
            "bio",
            "username",
            "avatar_url",
            "timezone",
            "language",
            "token",
            "platform",
            "device_id",
            "refresh",
            "refresh_token",
            "old_password",
            "new_password",
            "new_password_confirm",
            "do_not_disturb_start",
            "frequency_limit",
            "email_enabled",
            "is_active",
            "token_type",
            "endpoint",
            "keys",
            "p256dh",
            "auth",
            "user_id",
            "channel",
            "category",
            "requests",
            "push_token_id",
            "provider",
            "reason",
            "grant_type",
            "client_id",
            "client_secret",
            "scope",
            "ids",
            "emails",
            "code",
        ])
        .prop_map(str::to_owned),
        any::<String>(),
    ];
    leaf.prop_recursive(3, 40, 8, move |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::Array),
            btree_map(key.clone(), inner, 0..12)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}
