//! `/api/v1/admin/users/{id}/sessions`: the sessions of a user, all or one, are ended.

mod end_all;
mod end_one;

pub(crate) use end_all::end_all;
pub(crate) use end_one::end_one;
