//! `/api/v1/auth/verification` and what is below.

use serde_json::json;

use super::{confirmation, message_request, proof_body, told};
use crate::examples;
use crate::limit::Limit;
use crate::operation::Operation;

/// Its operations.
pub(super) fn operations() -> [Operation; 2] {
    let request = message_request("/api/v1/auth/verification", "requestVerification")
        .says(
            "Ask for a message that verifies an address",
            "It is sent if the address is an account's and not verified yet; the answer is the same for every address.",
        )
        .answers(told(
            202,
            "If there is whom to, a message is on its way.",
            "If the address is to be verified, a message is on its way",
        ));
    let body = proof_body(Vec::new(), json!({"token": examples::ACCOUNT_TOKEN}));
    let confirm = confirmation(
        "/api/v1/auth/verification/confirm",
        "confirmVerification",
        body,
    )
    .limited_by(&[Limit::RecoveryCode])
    .says("Verify an address", "By what was sent there.")
    .answers(told(
        200,
        "The address is verified.",
        "Email verified successfully",
    ));
    [request, confirm]
}
