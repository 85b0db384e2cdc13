//! `/api/v1/users/preferences`: how the caller wants to be notified.

mod get;
mod update;

pub(crate) use get::get;
pub(crate) use update::update;

/// The fields that `fields` can ask for.
const FIELDS: &[&str] = &[
    "id",
    "email_enabled",
    "email_marketing",
    "email_transactional",
    "email_security",
    "email_system",
    "push_enabled",
    "push_marketing",
    "push_transactional",
    "push_security",
    "push_system",
    "do_not_disturb_start",
    "do_not_disturb_end",
    "frequency_limit",
    "created_at",
    "updated_at",
];
