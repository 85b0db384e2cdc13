//! `/api/v1/users/account`.

use domain::ErrorCode;
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::body::Body;
use crate::caller::Caller;
use crate::examples;
use crate::limit::Limit;
use crate::operation::Operation;
use crate::schema::{field, object, timestamp};
use crate::schemas::user::password;
use crate::tag::Tag;

pub(super) fn delete() -> Operation {
    let body = Body::new(
        vec![field(
            "password",
            password(),
            "The account's: an access token alone does not suffice.",
        )],
        json!({"password": examples::PASSWORD}),
    );
    let scheduled = object([field(
        "erase_at",
        timestamp(),
        "When it goes. Until then a login keeps it, or the token in the message to its address.",
    )]);
    Operation::new(
        "delete",
        "/api/v1/users/account",
        "deleteAccount",
        Tag::Account,
        Caller::User,
    )
    .says(
        "Erase the account",
        "With all that belongs to it: at once or, with the setting `deletion_grace_days`, later. All sessions end at once.",
    )
    .limited_by(&[Limit::PasswordChange])
    .takes(body)
    .hashing()
    .refuses(&[ErrorCode::LastAdministrator])
    .answers(Answer::new(
        200,
        "It is erased; or else `data` says when.",
        "Account deleted successfully",
        scheduled.nullable(),
        Value::Null,
    ))
}
