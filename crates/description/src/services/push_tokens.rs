//! `/api/v1/services/push-tokens/feedback`.

use domain::{ErrorCode, PushFeedback, PushProvider, ServicePermission};
use serde_json::json;

use crate::answer::Answer;
use crate::body::Body;
use crate::caller::Caller;
use crate::examples;
use crate::operation::Operation;
use crate::schema::{
    boolean, field, object, optional, request, string, text_not_blank, uuid, words,
};
use crate::schemas::push_token;
use crate::tag::Tag;

pub(super) fn feedback() -> Operation {
    let observed_at = string().with("format", "date-time").nullable();
    let schema = request([
        optional(
            "push_token_id",
            uuid().nullable(),
            "Which token; or else `token`.",
        ),
        optional(
            "token",
            push_token::value().nullable(),
            "The token itself; or else `push_token_id`.",
        ),
        field(
            "provider",
            words(PushProvider::ALL.map(PushProvider::as_str)),
            "Who has answered.",
        ),
        field(
            "reason",
            text_not_blank(PushFeedback::LONGEST_REASON),
            "The provider's word or status code.",
        ),
        optional(
            "message",
            string().nullable(),
            "What the provider says besides.",
        ),
        optional(
            "observed_at",
            observed_at,
            "When it has answered; left out or null: now.",
        ),
    ])
    .with(
        "anyOf",
        json!([{"required": ["push_token_id"]}, {"required": ["token"]}]),
    );
    let body = Body::of(
        schema,
        json!({
            "push_token_id": examples::PUSH_TOKEN_ID,
            "provider": "fcm",
            "reason": "UNREGISTERED",
        }),
        true,
    );
    let data = object([
        field(
            "deactivated",
            boolean(),
            "Whether the token was deactivated by this.",
        ),
        field("reason", string(), "Why, for people."),
    ]);
    Operation::new(
        "post",
        "/api/v1/services/push-tokens/feedback",
        "reportPushToken",
        Tag::Services,
        Caller::Service(ServicePermission::PushTokensFeedback),
    )
    .says(
        "What a push provider answered about a token",
        "A dead one is deactivated; docs/push-tokens.md lists the answers that mean that. Anything else leaves the token alone.",
    )
    .takes(body)
    .refuses(&[ErrorCode::NotFound])
    .answers(Answer::new(
        200,
        "What became of the token.",
        "Feedback taken",
        data,
        json!({"deactivated": true, "reason": "The provider delivers to it no more."}),
    ))
}
