//! `/internal/outbox`: events that wait for their delivery.

mod dead_letters;
mod drain;
mod replay;
mod show;

pub(crate) use dead_letters::dead_letters;
pub(crate) use drain::drain;
pub(crate) use replay::replay;
pub(crate) use show::show;
