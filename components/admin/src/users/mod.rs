//! `/api/v1/admin/users`: users, and what is done to one.

mod activate;
mod deactivate;
mod delete;
mod get;
mod list;
mod require_password_reset;
pub(crate) mod roles;
pub(crate) mod sessions;
mod unlock;
mod verify;
mod view;

pub(crate) use activate::activate;
pub(crate) use deactivate::deactivate;
pub(crate) use delete::delete;
pub(crate) use get::get;
pub(crate) use list::list;
pub(crate) use require_password_reset::require_password_reset;
pub(crate) use unlock::unlock;
pub(crate) use verify::verify;

use api::ApiError;

/// There is no such user.
pub(crate) const USER: ApiError = ApiError::NotFound("User");
