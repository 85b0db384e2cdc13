//! `/api/v1/users/sessions`: where the caller is signed in.

mod delete;
mod end_others;
mod list;

pub(crate) use delete::delete;
pub(crate) use end_others::end_others;
pub(crate) use list::list;

/// What a 404 calls the object.
const SESSION: &str = "Session";
