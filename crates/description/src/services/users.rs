//! `/api/v1/services/users` and what is below.

use domain::{ServicePermission, UserLookup};
use serde_json::json;

use crate::answer::Answer;
use crate::body::Body;
use crate::caller::Caller;
use crate::examples;
use crate::operation::Operation;
use crate::schema::{email, field, list, object, optional, reference, request, string, uuid};
use crate::tag::Tag;

/// Its operations.
pub(super) fn operations() -> [Operation; 4] {
    [lookup(), get(), preferences(), push_tokens()]
}

fn lookup() -> Operation {
    let some = |element| {
        list(element)
            .with("minItems", 1)
            .with("maxItems", UserLookup::MOST)
    };
    let schema = request([
        optional("ids", some(uuid()), "Their identifiers; or else `emails`."),
        optional("emails", some(email()), "Their addresses; or else `ids`."),
    ])
    .with(
        "oneOf",
        json!([{"required": ["ids"]}, {"required": ["emails"]}]),
    );
    let body = Body::of(schema, json!({"ids": [examples::USER_ID]}), true).in_json_only();
    let data = object([
        field(
            "users",
            list(reference("User")),
            "Those that there are, in the order asked for, each once.",
        ),
        field(
            "missing",
            list(string()),
            "Of those that there are not the identifiers, or the addresses in lower case.",
        ),
    ]);
    Operation::new(
        "post",
        "/api/v1/services/users/lookup",
        "lookUpUsers",
        Tag::Services,
        Caller::Service(ServicePermission::UsersRead),
    )
    .says(
        "Up to 500 users at once",
        "By their identifiers, or by their addresses.",
    )
    .takes(body)
    .answers(Answer::new(
        200,
        "What became of those that were asked for.",
        "Users looked up successfully",
        data,
        json!({"users": [examples::user()], "missing": []}),
    ))
}

fn one(path: &'static str, id: &'static str, needed: ServicePermission) -> Operation {
    Operation::new("get", path, id, Tag::Services, Caller::Service(needed)).path_parameter(
        "id",
        uuid(),
        examples::USER_ID,
        "Which user.",
    )
}

fn get() -> Operation {
    one(
        "/api/v1/services/users/{id}",
        "getUserForService",
        ServicePermission::UsersRead,
    )
    .says(
        "One user",
        "As he sees himself; a closed account has `is_active` false.",
    )
    .answers(Answer::new(
        200,
        "The user object.",
        "User retrieved successfully",
        reference("User"),
        examples::user(),
    ))
}

fn preferences() -> Operation {
    one(
        "/api/v1/services/users/{id}/preferences",
        "getPreferencesForService",
        ServicePermission::PreferencesRead,
    )
    .says("How a user wants to be notified", "")
    .answers(Answer::new(
        200,
        "The preferences.",
        "Preferences retrieved successfully",
        reference("Preferences"),
        examples::preferences(),
    ))
}

fn push_tokens() -> Operation {
    let mut example = examples::push_token();
    example["token"] = "fcm-token-of-the-device".into();
    one(
        "/api/v1/services/users/{id}/push-tokens",
        "listPushTokensForService",
        ServicePermission::PushTokensRead,
    )
    .says(
        "The devices that a user is reached on",
        "The active ones with their tokens, for who sends to them; last used first, 1,000 at most.",
    )
    .answers(Answer::new(
        200,
        "The devices.",
        "Push tokens retrieved successfully",
        list(reference("PushTokenWithValue")),
        json!([example]),
    ))
}
