//! Random bodies on every route.

use e2e::Service;
use futures::StreamExt;
use http::StatusCode;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::{Map, Value, json};

use super::{Caller, NO_LIMITS, ROUTES};

const BODIES_FOR_A_ROUTE: usize = 250;

/// Names that some route reads, and some that none does.
const NAMES: [&str; 30] = [
    "name",
    "email",
    "password",
    "push_token",
    "preferences",
    "push",
    "refresh",
    "refresh_token",
    "old_password",
    "new_password",
    "new_password_confirm",
    "username",
    "phone_number",
    "profile",
    "first_name",
    "last_name",
    "avatar_url",
    "timezone",
    "language",
    "bio",
    "email_enabled",
    "frequency_limit",
    "do_not_disturb_start",
    "token",
    "token_type",
    "platform",
    "device_id",
    "device_name",
    "is_active",
    "no such field",
];

/// Texts that mean something somewhere.
const WORDS: [&str; 24] = [
    "",
    " ",
    "\0",
    "a\0b",
    "\u{1F600}",
    "\u{202E}",
    "\u{FEFF}",
    "\u{10FFFF}",
    "a@b.example",
    "@",
    "http://a",
    "https://a.example/b",
    "UTC",
    "en",
    "22:00",
    "true",
    "web",
    "fcm",
    "-1",
    "1e400",
    "null",
    "'; drop table users; --",
    "{{7*7}}",
    "eyJhbGciOiJub25lIn0.e30.",
];

#[tokio::test]
async fn random_bodies_are_answered_in_the_envelope_on_every_route() {
    let service = Service::with_variables(&[("rate_limits", NO_LIMITS)]);
    let mut runner = TestRunner::deterministic();
    for route in ROUTES {
        let callers = [Caller::of(&service).await, Caller::of(&service).await];
        let bodies: Vec<Value> = (0..BODIES_FOR_A_ROUTE)
            .map(|_| body().new_tree(&mut runner).expect("a body").current())
            // Without a token a logout ends the session with which this goes on.
            .map(|body| if route.1.ends_with("/logout") { with_token(body) } else { body })
            .collect();
        let requests = bodies.iter().enumerate().map(|(index, body)| {
            let caller = &callers[index % callers.len()];
            async move {
                let answer = caller.request(route).json(body).send().await;
                assert!(
                    !answer.status.is_server_error() && answer.status != StatusCode::UNAUTHORIZED
                        || route.1.ends_with("/token/refresh")
                            && answer.status == StatusCode::UNAUTHORIZED,
                    "{body} {answer}"
                );
            }
        });
        futures::stream::iter(requests)
            .buffer_unordered(8)
            .collect::<()>()
            .await;
        for caller in &callers {
            assert!(caller.user.has_access().await, "{route:?}");
        }
    }
}

/// Mostly an object with names that are known, whose values may be anything.
fn body() -> impl Strategy<Value = Value> {
    prop_oneof![
        9 => object(value()),
        1 => value(),
    ]
}

fn object(value: impl Strategy<Value = Value>) -> impl Strategy<Value = Value> {
    let name = proptest::sample::select(&NAMES[..]);
    vec((name, value), 0..12).prop_map(|fields| {
        let fields = fields
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value));
        Value::Object(fields.collect::<Map<_, _>>())
    })
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        "[ -~]{0,300}".prop_map(Value::from),
        proptest::sample::select(&WORDS[..]).prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 20, 5, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..5).prop_map(Value::from),
            object(inner),
        ]
    })
}

fn with_token(mut body: Value) -> Value {
    if let Some(body) = body.as_object_mut() {
        let token = body.remove("refresh_token");
        body.insert("refresh_token".to_owned(), json!([token]));
    }
    body
}
