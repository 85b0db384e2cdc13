//! `/internal/cache`: what Redis holds of users.

mod progress;
mod warm;

pub(crate) use warm::warm;
