//! `/api/v1/auth/account-deletion`.

use super::{confirmation, token_body, told};
use crate::operation::Operation;

/// Its operation.
pub(super) fn operations() -> [Operation; 1] {
    let cancel = confirmation(
        "/api/v1/auth/account-deletion/cancel",
        "cancelAccountDeletion",
        token_body(),
    )
    .says(
        "Keep an account that is to be erased",
        "By the token that was sent to its address. A login does the same.",
    )
    .answers(told(200, "It stays.", "Account will not be deleted"));
    [cancel]
}
