//! What wit-bindgen makes of `wit/credentials.wit`: the types, the traits and the exports.

#![expect(unsafe_code, reason = "generated: it lifts and lowers the arguments")]
#![expect(clippy::same_length_and_capacity, reason = "generated")]

wit_bindgen::generate!({
    world: "credentials",
    path: "../../wit",
    additional_derives: [PartialEq],
});

pub(crate) use exports::user_service::credentials::{passwords, tokens, webhooks};

export!(Component with_types_in self);

use crate::component::Component;
