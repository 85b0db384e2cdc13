//! `/health`: whether the service can serve, and what it builds on.

mod answer;
mod kept;
mod live;
mod probes;
mod ready;
mod whole;

pub(crate) use live::live;
pub(crate) use probes::Probes;
pub(crate) use ready::ready;
pub(crate) use whole::health;
