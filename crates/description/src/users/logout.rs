//! `/api/v1/users/logout`.

use domain::ErrorCode;
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::body::Body;
use crate::caller::Caller;
use crate::examples;
use crate::operation::Operation;
use crate::schema::{null, optional, string};
use crate::tag::Tag;

pub(super) fn post() -> Operation {
    let text = "A refresh token of the session that is to end; left out, null or empty: the session of the access token.";
    let body = Body::new(
        vec![optional("refresh_token", string().nullable(), text)],
        json!({"refresh_token": examples::REFRESH_TOKEN}),
    );
    Operation::new(
        "post",
        "/api/v1/users/logout",
        "logout",
        Tag::SigningIn,
        Caller::User,
    )
    .says(
        "End a session",
        "Ends the session with all of its tokens, at once. A refresh token of any generation names it.",
    )
    .takes(body)
    .refuses(&[ErrorCode::LogoutFailed])
    .answers(Answer::new(
        200,
        "The session has ended.",
        "Logout successful",
        null(),
        Value::Null,
    ))
}
