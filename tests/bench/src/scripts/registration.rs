//! A new account each time.

use anyhow::Result;

use super::unique;
use crate::accounts;
use crate::exchange::Request;

/// The registration of an account whose address nobody else uses.
pub(crate) fn next() -> Result<Request> {
    accounts::registration(&format!("new-{}@example.com", unique()))
}
