//! `/api/v1/services/unsubscribe-links`.

use domain::ServicePermission;
use domain::delivery::{Category, Channel};
use serde_json::json;

use crate::answer::Answer;
use crate::body::Body;
use crate::caller::Caller;
use crate::examples;
use crate::operation::Operation;
use crate::schema::{field, object, optional, pattern, string, uuid, words};
use crate::tag::Tag;

pub(super) fn post() -> Operation {
    let categories = Category::ALL
        .into_iter()
        .filter(|category| *category != Category::Security);
    let channel = words(Channel::ALL.map(Channel::as_str)).default(Channel::Email.as_str());
    let body = Body::new(
        vec![
            field("user_id", uuid(), "Whose messages."),
            optional("channel", channel.nullable(), "On which way."),
            field(
                "category",
                words(categories.map(Category::as_str)),
                "About what; there is no link for `security`.",
            ),
        ],
        json!({"user_id": examples::USER_ID, "category": "marketing"}),
    );
    let url = string().with("format", "uri").nullable();
    let data = object([
        field(
            "url",
            url,
            "For the header `List-Unsubscribe`; null while the setting `public_url` is empty.",
        ),
        field(
            "path",
            pattern("^/api/v1/unsubscribe/[A-Za-z0-9._-]+$"),
            "Its path on the public host.",
        ),
    ]);
    Operation::new(
        "post",
        "/api/v1/services/unsubscribe-links",
        "createUnsubscribeLink",
        Tag::Services,
        Caller::Service(ServicePermission::UnsubscribeLink),
    )
    .says(
        "A link by which a user unsubscribes with one click",
        "For the headers of a message (RFC 8058). It is signed and does not expire.",
    )
    .takes(body)
    .answers(Answer::new(
        201,
        "The link.",
        "Link created successfully",
        data,
        json!({
            "url": "https://users.example/api/v1/unsubscribe/1AZNaDkhkcoKws6MyidXEGCQBAQ.c2lnbmF0dXJl",
            "path": "/api/v1/unsubscribe/1AZNaDkhkcoKws6MyidXEGCQBAQ.c2lnbmF0dXJl",
        }),
    ))
}
