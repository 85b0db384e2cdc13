//! `/api/v1/auth/verification`: whether an account's address is its owner's.

mod confirm;
mod mode;
mod request;

pub(crate) use confirm::confirm;
pub(crate) use mode::EmailVerificationMode;
pub(crate) use request::request;
