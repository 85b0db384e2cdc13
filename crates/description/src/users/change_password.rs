//! `/api/v1/users/change-password`.

use serde_json::{Value, json};

use crate::answer::Answer;
use crate::body::Body;
use crate::caller::Caller;
use crate::examples;
use crate::limit::Limit;
use crate::operation::Operation;
use crate::schema::{field, null};
use crate::schemas::user::{new_password_field, password};
use crate::tag::Tag;

pub(super) fn post() -> Operation {
    let body = Body::new(
        vec![
            field("old_password", password(), "The password so far."),
            new_password_field("new_password"),
            field("new_password_confirm", password(), "The same again."),
        ],
        json!({
            "old_password": examples::PASSWORD,
            "new_password": examples::NEW_PASSWORD,
            "new_password_confirm": examples::NEW_PASSWORD,
        }),
    );
    Operation::new(
        "post",
        "/api/v1/users/change-password",
        "changePassword",
        Tag::SigningIn,
        Caller::User,
    )
    .says(
        "Set a new password",
        "Ends all other sessions of the user, and makes worthless what was sent to his address.",
    )
    .limited_by(&[Limit::PasswordChange])
    .takes(body)
    .hashing()
    .answers(Answer::new(
        200,
        "The new password is set.",
        "Password changed successfully",
        null(),
        Value::Null,
    ))
}
