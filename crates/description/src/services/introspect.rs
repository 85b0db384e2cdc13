//! `/api/v1/services/introspect`.

use domain::ServicePermission;
use serde_json::json;

use crate::answer::Answer;
use crate::body::Body;
use crate::caller::Caller;
use crate::examples;
use crate::operation::Operation;
use crate::schema::{
    Field, boolean, constant, count, field, object, optional, pattern, string, uuid, words,
};
use crate::tag::Tag;

pub(super) fn post() -> Operation {
    Operation::new(
        "post",
        "/api/v1/services/introspect",
        "introspectToken",
        Tag::Services,
        Caller::Service(ServicePermission::TokensIntrospect),
    )
    .says(
        "Whether a token is good",
        "Right now, and what it says (RFC 7662). Of one that is not good nothing but that is told.",
    )
    .takes(presented_token())
    .answers(
        Answer::new(
            200,
            "What it is, at the top level as RFC 7662, section 2.2, has it, and in `data`.",
            "Token introspected",
            object(fields()),
            json!({
                "active": true,
                "token_type": "Bearer",
                "token_use": "access",
                "scope": "user",
                "sub": examples::USER_ID,
                "sid": examples::SESSION_ID,
                "jti": "0f1e2d3c4b5a69788796a5b4c3d2e1f0",
                "exp": 1_777_677_005,
            }),
        )
        .flattened(fields()),
    )
}

/// The token that a service asks about.
pub(super) fn presented_token() -> Body {
    let token = string().with("minLength", 1).with("pattern", r"\S");
    Body::new(
        vec![field(
            "token",
            token,
            "Of a user or a service, of whatever type; it need not be one.",
        )],
        json!({"token": examples::ACCESS_TOKEN}),
    )
}

fn fields() -> Vec<Field> {
    vec![
        field("active", boolean(), "Whether it is good."),
        optional("token_type", constant("Bearer"), "How it is presented."),
        optional(
            "token_use",
            words(["access", "refresh", "service"]),
            "What it is for.",
        ),
        optional("scope", string(), "What it permits."),
        optional("sub", uuid(), "The user or the service account."),
        optional("sid", uuid().nullable(), "The session or the credential."),
        optional("jti", pattern("^[0-9a-f]{32}$"), "Which token."),
        optional("exp", count(), "When it expires, in seconds since 1970."),
    ]
}
