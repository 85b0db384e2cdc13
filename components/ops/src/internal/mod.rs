//! `/internal`: what timers and operators call; never passed on by a gateway.

pub(crate) mod outbox;
mod sweep;

pub(crate) use sweep::sweep;
