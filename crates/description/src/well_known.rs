//! `/.well-known/jwks.json`.

use serde_json::json;

use crate::answer::Answer;
use crate::caller::Caller;
use crate::operation::Operation;
use crate::schema::{constant, field, list, object, pattern, string};
use crate::tag::Tag;

/// Its operation.
pub(crate) fn operations() -> Vec<Operation> {
    let key = object([
        field("kty", constant("OKP"), "RFC 8037, section 2."),
        field("crv", constant("Ed25519"), "RFC 8037, section 3.1."),
        field("use", constant("sig"), "RFC 7517, section 4.2."),
        field("alg", constant("EdDSA"), "RFC 7517, section 4.4."),
        field("kid", string(), "As in the header of tokens."),
        field(
            "x",
            pattern("^[A-Za-z0-9_-]{43}$"),
            "The public key in base64url.",
        ),
    ]);
    let answer = Answer::other(
        "The keys; none while `jwt_secret` signs.",
        "application/jwk-set+json",
        object([field(
            "keys",
            list(key),
            "Those that sign, have signed, or are about to.",
        )]),
        json!({"keys": [{
            "kty": "OKP",
            "crv": "Ed25519",
            "use": "sig",
            "alg": "EdDSA",
            "kid": "2026-05",
            "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
        }]}),
    )
    .with_header(
        "cache-control",
        "It may be kept for five minutes: a key is published for longer before it signs.",
        constant("public, max-age=300"),
    );
    let operation = Operation::new(
        "get",
        "/.well-known/jwks.json",
        "listPublicKeys",
        Tag::Operation,
        Caller::Anyone,
    )
    .says(
        "The public keys of tokens",
        "As a JWK Set (RFC 7517), for whoever verifies tokens himself.",
    )
    .answers(answer);
    vec![operation]
}
