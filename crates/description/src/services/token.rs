//! `/api/v1/services/token`.

use domain::{ErrorCode, ServiceName};
use serde_json::json;

use crate::answer::Answer;
use crate::body::Body;
use crate::caller::Caller;
use crate::examples;
use crate::limit::Limit;
use crate::operation::Operation;
use crate::schema::{Field, constant, field, integer, object, optional, string, text};
use crate::schemas::user;
use crate::tag::Tag;

pub(super) fn post() -> Operation {
    let body = Body::new(
        vec![
            field(
                "grant_type",
                constant("client_credentials"),
                "The only one (RFC 6749, section 4.4.2).",
            ),
            optional(
                "client_id",
                text(ServiceName::LONGEST),
                "The account's name, unless it comes by HTTP Basic.",
            ),
            optional(
                "client_secret",
                string(),
                "The account's secret, unless it comes by HTTP Basic.",
            ),
            optional(
                "scope",
                string().nullable(),
                "A part of the permissions, with spaces between; left out: all of them.",
            ),
        ],
        json!({
            "grant_type": "client_credentials",
            "client_id": examples::SERVICE_NAME,
            "client_secret": examples::SERVICE_SECRET,
        }),
    );
    Operation::new(
        "post",
        "/api/v1/services/token",
        "issueServiceToken",
        Tag::Services,
        Caller::ServiceAccount,
    )
    .says(
        "A token by client credentials",
        "OAuth 2.0's client credentials grant (RFC 6749, section 4.4). There is no refresh token: ask again.",
    )
    .limited_by(&[Limit::ServiceToken])
    .takes(body)
    .never_refuses(&[ErrorCode::ValidationFailed])
    .stored()
    .answers(
        Answer::new(
            200,
            "The token, at the top level as RFC 6749, section 5.1, has it, and in `data`.",
            "Token issued successfully",
            object(fields()),
            json!({
                "access_token": examples::ACCESS_TOKEN,
                "token_type": "Bearer",
                "expires_in": 600,
                "scope": "push-tokens:read users:read",
            }),
        )
        .flattened(fields()),
    )
}

fn fields() -> Vec<Field> {
    vec![
        field("access_token", user::token(), "For requests."),
        field(
            "token_type",
            constant("Bearer"),
            "How it is presented (RFC 6750).",
        ),
        field(
            "expires_in",
            integer(1, u32::MAX.into()),
            "Seconds that it is good for.",
        ),
        field("scope", string(), "What it permits, with spaces between."),
    ]
}
