//! `/api/v1/users/register`.

use domain::Registration;
use serde_json::json;

use crate::answer::Answer;
use crate::body::Body;
use crate::caller::Caller;
use crate::examples;
use crate::limit::Limit;
use crate::operation::Operation;
use crate::schema::{
    Schema, boolean, email, field, object, optional, reference, request, text, text_not_blank,
};
use crate::schemas::user;
use crate::tag::Tag;

pub(super) fn post() -> Operation {
    Operation::new(
        "post",
        "/api/v1/users/register",
        "register",
        Tag::SigningIn,
        Caller::Anyone,
    )
    .says(
        "Make an account",
        "Creates an account and signs it in. The user name is made of the address. Where the setting `email_verification` is \
         `before_login`, there are no `tokens` before the address is verified. A `push_token` that somebody else has moves over.",
    )
    .limited_by(&[Limit::Registration])
    .idempotent()
    .takes(body())
    .stored()
    .hashing()
    .answers(Answer::new(
        201,
        "The account, with the tokens of its first session.",
        "User registered successfully",
        user_with_tokens(false),
        examples::user_with_tokens(),
    ))
}

fn body() -> Body {
    let preferences = request([
        optional(
            "email",
            boolean().default(true),
            "Whether he wants e-mails.",
        ),
        optional(
            "push",
            boolean().default(true),
            "Whether he wants push messages.",
        ),
    ]);
    Body::new(
        vec![
            field(
                "name",
                text_not_blank(Registration::LONGEST_NAME),
                "First and last name, split at the first white space.",
            ),
            field(
                "email",
                email(),
                "Unique in any letter case, kept in lower case.",
            ),
            user::new_password_field("password"),
            optional(
                "push_token",
                text(Registration::LONGEST_PUSH_TOKEN).nullable(),
                "A browser's push token, or the JSON of its Web Push subscription.",
            ),
            field("preferences", preferences, "What he wants to get."),
        ],
        json!({
            "name": "Ada Lovelace",
            "email": examples::EMAIL,
            "password": examples::PASSWORD,
            "preferences": {"email": true, "push": true},
        }),
    )
}

/// A user object with `tokens`, which are always there if they are `required`.
pub(super) fn user_with_tokens(required: bool) -> Schema {
    let text = "Of the new session.";
    let tokens = if required {
        field("tokens", reference("Tokens"), text)
    } else {
        optional("tokens", reference("Tokens"), text)
    };
    object(user::fields().into_iter().chain([tokens]))
}
