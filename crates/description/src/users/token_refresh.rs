//! `/api/v1/users/token/refresh`.

use domain::ErrorCode;
use serde_json::json;

use crate::answer::Answer;
use crate::body::Body;
use crate::caller::Caller;
use crate::examples;
use crate::limit::Limit;
use crate::operation::Operation;
use crate::schema::{field, reference, string};
use crate::schemas::user::token_fields;
use crate::tag::Tag;

pub(super) fn post() -> Operation {
    let refresh = string().with("minLength", 1).with("pattern", r"\S");
    let body = Body::new(
        vec![field(
            "refresh",
            refresh,
            "The refresh token, which is used by this.",
        )],
        json!({"refresh": examples::REFRESH_TOKEN}),
    );
    Operation::new(
        "post",
        "/api/v1/users/token/refresh",
        "refreshTokens",
        Tag::SigningIn,
        Caller::Anyone,
    )
    .says(
        "The next pair of tokens",
        "Exchanges a refresh token, once. The same one again gives the same pair for some seconds (`refresh_reuse_interval`); later use \
         ends the session. The header `Authorization` is not looked at.",
    )
    .limited_by(&[Limit::General])
    .takes(body)
    .stored()
    .refuses(&[ErrorCode::TokenNotValid])
    .answers(
        Answer::new(
            200,
            "The next pair, at the top level as well, where old clients read it.",
            "Token refreshed successfully",
            reference("Tokens"),
            examples::tokens(),
        )
        .flattened(token_fields()),
    )
}
