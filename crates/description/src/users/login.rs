//! `/api/v1/users/login`.

use domain::ErrorCode;
use serde_json::json;

use crate::answer::Answer;
use crate::body::Body;
use crate::caller::Caller;
use crate::examples;
use crate::limit::Limit;
use crate::operation::Operation;
use crate::schema::{email, field};
use crate::schemas::user::password;
use crate::tag::Tag;
use crate::users::register::user_with_tokens;

pub(super) fn post() -> Operation {
    let body = Body::new(
        vec![
            field("email", email(), "In any letter case."),
            field("password", password(), "As it was typed."),
        ],
        json!({"email": examples::EMAIL, "password": examples::PASSWORD}),
    );
    Operation::new(
        "post",
        "/api/v1/users/login",
        "login",
        Tag::SigningIn,
        Caller::Anyone,
    )
    .says(
        "Sign in",
        "Begins a session. An unknown address, a wrong password and a closed account are answered the same: 422 with `data.error`. \
         A login keeps an account that was to be erased.",
    )
    .limited_by(&[Limit::LoginAddress, Limit::LoginFailures, Limit::Login])
    .takes(body)
    .stored()
    .hashing()
    .refuses(&[ErrorCode::EmailNotVerified, ErrorCode::PasswordResetRequired])
    .answers(Answer::new(
        200,
        "The account, with the tokens of the new session.",
        "Login successful",
        user_with_tokens(true),
        examples::user_with_tokens(),
    ))
}
