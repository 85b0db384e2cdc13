//! `/api/v1/auth/email-change`: another address of an account, once its owner has shown that he
//! reads it.

mod confirm;
mod request;

pub(crate) use confirm::confirm;
pub(crate) use request::request;

use domain::FieldErrors;

/// Said of an address that an account has already.
fn taken() -> FieldErrors {
    FieldErrors::one("email", "A user with this email already exists.")
}
