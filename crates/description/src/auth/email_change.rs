//! `/api/v1/auth/email-change` and what is below.

use serde_json::json;

use super::{confirmation, token_body, told};
use crate::body::Body;
use crate::caller::Caller;
use crate::examples;
use crate::limit::Limit;
use crate::operation::Operation;
use crate::schema::{email, field};
use crate::schemas::user::password;
use crate::tag::Tag;

/// Its operations.
pub(super) fn operations() -> [Operation; 2] {
    let body = Body::new(
        vec![
            field("email", email(), "The new address."),
            field(
                "password",
                password(),
                "The account's: an access token alone does not suffice.",
            ),
        ],
        json!({"email": examples::NEW_EMAIL, "password": examples::PASSWORD}),
    );
    let request = Operation::new(
        "post",
        "/api/v1/auth/email-change",
        "requestEmailChange",
        Tag::Recovery,
        Caller::User,
    )
    .says(
        "Ask for another address",
        "A message with a token goes to the new address, and one without to the old.",
    )
    .limited_by(&[Limit::PasswordChange, Limit::Recovery])
    .takes(body)
    .hashing()
    .answers(told(
        202,
        "The messages are on their way.",
        "A message to the new address is on its way",
    ));
    let confirm = confirmation(
        "/api/v1/auth/email-change/confirm",
        "confirmEmailChange",
        token_body(),
    )
    .says(
        "Change the address",
        "By the token that was sent to the new one. The old one is told; sessions go on.",
    )
    .answers(told(
        200,
        "The account has the new address.",
        "Email changed successfully",
    ));
    [request, confirm]
}
