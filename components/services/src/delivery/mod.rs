//! `/api/v1/services/delivery`: whether a notification may go out, by the rules of docs/delivery.md.

mod decide;
mod explain;
mod facts;
mod slots;

pub(crate) use decide::decide;
pub(crate) use explain::explain;
