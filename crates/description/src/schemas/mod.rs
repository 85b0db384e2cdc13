//! The schemas that several operations share: `components/schemas`.

pub(crate) mod dead_letter;
pub(crate) mod envelope;
pub(crate) mod health;
pub(crate) mod push_token;
pub(crate) mod user;

use serde_json::{Map, Value};

use crate::failure;

/// All of them by name.
pub(crate) fn components() -> Map<String, Value> {
    let all = envelope::schemas()
        .into_iter()
        .chain(failure::schemas())
        .chain(user::schemas())
        .chain(push_token::schemas())
        .chain(health::schemas());
    all.map(|(name, schema)| (name.to_owned(), schema.into_value()))
        .collect()
}
