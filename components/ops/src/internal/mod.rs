//! `/internal`: what timers and operators call; never passed on by a gateway.

mod cache;
pub(crate) mod outbox;
mod sweep;

pub(crate) use cache::warm;
pub(crate) use sweep::sweep;
