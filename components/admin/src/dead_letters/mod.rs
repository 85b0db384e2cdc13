//! `/api/v1/admin/dead-letters`: events that their destination has refused too often.

mod list;
mod replay;

pub(crate) use list::list;
pub(crate) use replay::replay;
