//! `/api/v1/admin/roles`.

use domain::StaffPermission;
use serde_json::json;

use super::operation;
use crate::answer::Answer;
use crate::operation::Operation;
use crate::schema::{self, count, field, object, string};

pub(super) fn list() -> Operation {
    let permission = object([
        field("name", string(), "Its name."),
        field("description", string(), "What it permits."),
    ]);
    let role = object([
        field("name", string(), "Its name."),
        field("description", string(), "Who has it."),
        field("permissions", schema::list(permission), "What it permits."),
        field(
            "users",
            count().nullable(),
            "How many have it; null: everybody.",
        ),
    ]);
    let example = json!([{
        "name": "support",
        "description": "Helps users.",
        "permissions": [
            {"name": "admin:users:read", "description": "Find and see users, with their sessions and devices."},
        ],
        "users": 2,
    }]);
    operation(
        "get",
        "/api/v1/admin/roles",
        "listRoles",
        StaffPermission::RolesRead,
    )
    .says(
        "The roles",
        "What each permits, and how many users have it.",
    )
    .answers(Answer::new(
        200,
        "All of them.",
        "Roles retrieved successfully",
        schema::list(role),
        example,
    ))
}
