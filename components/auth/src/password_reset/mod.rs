//! `/api/v1/auth/password-reset`: a new password for who has lost his, by a message to his address.

mod confirm;
mod request;

pub(crate) use confirm::confirm;
pub(crate) use request::request;
