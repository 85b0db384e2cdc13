//! `/api/v1/users/profile`: the user object.

mod get;
mod update;

pub(crate) use get::get;
pub(crate) use update::update;

/// The fields that `fields` can ask for.
const FIELDS: &[&str] = &[
    "id",
    "email",
    "username",
    "phone_number",
    "is_verified",
    "is_active",
    "created_at",
    "updated_at",
    "last_login",
    "profile",
    "notification_preferences",
    "push_tokens_count",
];
