//! `/api/v1/auth/password-reset` and what is below.

use serde_json::json;

use super::{confirmation, message_request, proof_body, told};
use crate::examples;
use crate::limit::Limit;
use crate::operation::Operation;
use crate::schema::field;
use crate::schemas::user::{new_password_field, password};

/// Its operations.
pub(super) fn operations() -> [Operation; 2] {
    let request = message_request("/api/v1/auth/password-reset", "requestPasswordReset")
        .says(
            "Ask for a message to set a new password",
            "It is sent if the address is an account's; the answer is the same for every address.",
        )
        .answers(told(
            202,
            "If there is whom to, a message is on its way.",
            "If the address belongs to an account, a message is on its way",
        ));
    let passwords = vec![
        new_password_field("new_password"),
        field("new_password_confirm", password(), "The same again."),
    ];
    let example = json!({
        "token": examples::ACCOUNT_TOKEN,
        "new_password": examples::NEW_PASSWORD,
        "new_password_confirm": examples::NEW_PASSWORD,
    });
    let confirm = confirmation(
        "/api/v1/auth/password-reset/confirm",
        "confirmPasswordReset",
        proof_body(passwords, example),
    )
    .limited_by(&[Limit::RecoveryCode])
    .hashing()
    .says(
        "Set a new password without the old one",
        "By what was sent to the account's address. All sessions end, and the address is verified.",
    )
    .answers(told(
        200,
        "The new password is set.",
        "Password reset successfully",
    ));
    [request, confirm]
}
