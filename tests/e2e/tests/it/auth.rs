//! `/api/v1/auth`: what goes by a message to the account's address.

mod account_deletion;
mod email_change;
mod password_reset;
mod required_verification;
mod verification;
