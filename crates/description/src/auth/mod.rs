//! `/api/v1/auth`: what goes by a message to the user's address.

mod account_deletion;
mod email_change;
mod password_reset;
mod verification;

use domain::{AccountCode, AccountProof};
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::body::Body;
use crate::caller::Caller;
use crate::examples;
use crate::limit::Limit;
use crate::operation::Operation;
use crate::schema::{
    Field, Schema, email, field, null, optional, pattern, request, text_not_blank,
};
use crate::tag::Tag;

/// Its operations.
pub(crate) fn operations() -> Vec<Operation> {
    let mut operations = Vec::new();
    operations.extend(verification::operations());
    operations.extend(password_reset::operations());
    operations.extend(email_change::operations());
    operations.extend(account_deletion::operations());
    operations
}

/// A request for a message to an address, whoever it belongs to.
fn message_request(path: &'static str, id: &'static str) -> Operation {
    let body = Body::new(
        vec![field("email", email(), "Where the message goes.")],
        json!({"email": examples::EMAIL}),
    );
    Operation::new("post", path, id, Tag::Recovery, Caller::Anyone)
        .limited_by(&[Limit::RecoveryAddress, Limit::Recovery])
        .takes(body)
        .stored()
}

/// A use of what was sent to an address.
fn confirmation(path: &'static str, id: &'static str, body: Body) -> Operation {
    Operation::new("post", path, id, Tag::Recovery, Caller::Anyone)
        .limited_by(&[Limit::RecoveryAddress])
        .takes(body)
        .stored()
}

/// Done, or on its way: there is nothing to be told.
fn told(status: u16, description: &'static str, message: &str) -> Answer {
    Answer::new(status, description, message, null(), Value::Null)
}

/// The token in a message.
fn token() -> Schema {
    text_not_blank(AccountProof::LONGEST_TOKEN)
}

/// A body with the token in a message.
fn token_body() -> Body {
    Body::new(
        vec![field("token", token(), "From the message.")],
        json!({"token": examples::ACCOUNT_TOKEN}),
    )
}

/// A body with the token in a message, or the address and the code; and `more`.
fn proof_body(more: Vec<Field>, example: Value) -> Body {
    let code = pattern(&format!(r"^\s*(\d\s*){{{}}}$", AccountCode::DIGITS));
    let mut fields = vec![
        optional(
            "token",
            token(),
            "From the message; or else `email` and `code`.",
        ),
        optional("email", email(), "Where the message went."),
        optional("code", code, "The six digits from the message."),
    ];
    fields.extend(more);
    let either = json!([{"required": ["token"]}, {"required": ["email", "code"]}]);
    Body::of(request(fields).with("anyOf", either), example, true)
}
