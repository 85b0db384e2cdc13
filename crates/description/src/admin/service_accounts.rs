//! `/api/v1/admin/service-accounts` and what is below.

use domain::{ClientSecret, SecretRotation, ServiceName, ServicePermission, StaffPermission};
use serde_json::json;

use super::{done, operation, reason, with_reason};
use crate::answer::Answer;
use crate::body::Body;
use crate::examples;
use crate::operation::Operation;
use crate::paging;
use crate::schema::{
    Schema, count, field, integer, list, object, optional, pattern, string, text, timestamp, uuid,
    words,
};

const ALL: &str = "/api/v1/admin/service-accounts";

/// Its operations.
pub(super) fn operations() -> [Operation; 5] {
    [show_all(), create(), rotate(), permit(), disable()]
}

fn show_all() -> Operation {
    let account = object([
        field("id", uuid(), "Which account."),
        field("name", name(), "Its name, which is its `client_id`."),
        // It may have some of a later version.
        field("permissions", list(string()), "What it may do."),
        field("created_at", timestamp(), "When it was made."),
        field("disabled_at", timestamp().nullable(), "When it has ended."),
        field("secrets", count(), "How many secrets of it work."),
    ]);
    let example = json!([{
        "id": examples::SERVICE_ACCOUNT_ID,
        "name": examples::SERVICE_NAME,
        "permissions": ["push-tokens:read", "users:read"],
        "created_at": examples::TIMESTAMP,
        "disabled_at": null,
        "secrets": 1,
    }]);
    operation(
        "get",
        ALL,
        "listServiceAccounts",
        StaffPermission::ServicesRead,
    )
    .says(
        "The accounts of other services",
        "By name, `limit` of them behind the name `after`.",
    )
    .query("after", name(), "mailer", "Behind which name.")
    .query("limit", paging::limit(), 10, "How many.")
    .query(
        "page",
        paging::page(),
        1,
        "It is not looked at, but has to be a number.",
    )
    .answers(
        Answer::new(
            200,
            "The accounts. `meta.total` is not counted.",
            "Service accounts retrieved successfully",
            list(account),
            example,
        )
        .list(),
    )
}

fn create() -> Operation {
    let data = object([
        field("id", uuid(), "Which account."),
        field("name", name(), "Its name, which is its `client_id`."),
        field("permissions", list(permission()), "What it may do."),
        field("secret", secret(), "It is shown this once."),
    ]);
    let body = Body::new(
        vec![
            field(
                "name",
                name(),
                "Lower-case letters, digits and hyphens, a letter first.",
            ),
            field("permissions", permissions(), "What it may do."),
            reason(),
        ],
        with_reason(json!({"name": examples::SERVICE_NAME, "permissions": ["users:read"]})),
    );
    operation(
        "post",
        ALL,
        "createServiceAccount",
        StaffPermission::ServicesWrite,
    )
    .says(
        "Make an account for another service",
        "Its secret is shown this once, and stored as a hash only.",
    )
    .takes(body.in_json_only())
    .answers(Answer::new(
        201,
        "The account with its secret.",
        "Service account created successfully",
        data,
        json!({
            "id": examples::SERVICE_ACCOUNT_ID,
            "name": examples::SERVICE_NAME,
            "permissions": ["users:read"],
            "secret": examples::SERVICE_SECRET,
        }),
    ))
}

fn one(method: &'static str, path: &'static str, id: &'static str) -> Operation {
    operation(method, path, id, StaffPermission::ServicesWrite).path_parameter(
        "name",
        name(),
        examples::SERVICE_NAME,
        "Which account.",
    )
}

fn rotate() -> Operation {
    let grace = integer(0, SecretRotation::LONGEST_GRACE).default(0);
    let body = Body::new(
        vec![
            optional(
                "grace_seconds",
                grace,
                "For how long the old secrets work on.",
            ),
            reason(),
        ],
        with_reason(json!({"grace_seconds": 3600})),
    );
    one(
        "post",
        "/api/v1/admin/service-accounts/{name}/rotate",
        "rotateServiceAccount",
    )
    .says(
        "Give an account a new secret",
        "It is shown this once; the old ones end, after the grace if there is one.",
    )
    .takes(body)
    .answers(Answer::new(
        200,
        "The new secret.",
        "Secret rotated successfully",
        object([field("secret", secret(), "It is shown this once.")]),
        json!({"secret": examples::SERVICE_SECRET}),
    ))
}

fn permit() -> Operation {
    let body = Body::new(
        vec![
            field("permissions", permissions(), "All that it may do."),
            reason(),
        ],
        with_reason(json!({"permissions": ["users:read"]})),
    );
    one(
        "put",
        "/api/v1/admin/service-accounts/{name}/permissions",
        "setServiceAccountPermissions",
    )
    .says(
        "Set what an account may do",
        "From its next token on; what it loses ends within a minute.",
    )
    .takes(body.in_json_only())
    .answers(done(
        "That is what it may do.",
        "Permissions set successfully",
    ))
}

fn disable() -> Operation {
    one(
        "post",
        "/api/v1/admin/service-accounts/{name}/disable",
        "disableServiceAccount",
    )
    .says(
        "End an account",
        "With its secrets, for good; its tokens end within a minute.",
    )
    .takes(Body::new(vec![reason()], with_reason(json!({}))))
    .answers(done(
        "It has ended.",
        "Service account disabled successfully",
    ))
}

fn name() -> Schema {
    text(ServiceName::LONGEST).with("pattern", "^[a-z][a-z0-9-]*$")
}

fn permission() -> Schema {
    words(
        ServicePermission::ALL
            .iter()
            .map(|permission| permission.as_str()),
    )
}

fn permissions() -> Schema {
    list(permission()).with("minItems", 1)
}

fn secret() -> Schema {
    pattern(&format!("^{}[0-9a-f]{{64}}$", ClientSecret::PREFIX))
}
