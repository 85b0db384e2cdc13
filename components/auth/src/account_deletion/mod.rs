//! `/api/v1/auth/account-deletion`: what becomes of an account between its owner's wish and its
//! erasure.

mod cancel;
mod schedule;

pub(crate) use cancel::cancel;
pub(crate) use schedule::{Scheduled, schedule};
