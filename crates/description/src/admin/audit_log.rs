//! `/api/v1/admin/audit-log` and what is below.

use domain::{AuditListing, StaffPermission};
use serde_json::{Value, json};

use super::operation;
use crate::answer::Answer;
use crate::examples;
use crate::operation::Operation;
use crate::paging;
use crate::schema::{
    Schema, any_object, constant, field, list, object, string, text_not_blank, timestamp, uuid,
    words,
};

/// Its operations.
pub(super) fn operations() -> [Operation; 2] {
    [show_all(), export()]
}

fn show_all() -> Operation {
    filtered(operation(
        "get",
        "/api/v1/admin/audit-log",
        "listAuditLog",
        StaffPermission::AuditRead,
    ))
    .says(
        "Who did what to whom",
        "The newest rows of the audit trail, `limit` of them behind the row `after`.",
    )
    .answers(
        Answer::new(
            200,
            "The rows. `meta.total` is not counted.",
            "Audit trail retrieved successfully",
            list(row()),
            json!([example()]),
        )
        .list(),
    )
}

fn export() -> Operation {
    let mut lines = example().to_string();
    lines.push('\n');
    filtered(operation(
        "get",
        "/api/v1/admin/audit-log/export",
        "exportAuditLog",
        StaffPermission::AuditRead,
    ))
    .says(
        "The audit trail as NDJSON",
        "A row a line, 10,000 at most, whatever `limit` says; where there are more, the last line's `id` as `after` goes on.",
    )
    .answers(
        Answer::other(
            "The rows, one a line, each as in the list.",
            "application/x-ndjson",
            string(),
            lines,
        )
        .with_header(
            "content-disposition",
            "A browser saves it.",
            constant(r#"attachment; filename="audit-log.ndjson""#),
        ),
    )
}

fn filtered(operation: Operation) -> Operation {
    let moment = || string().with("format", "date-time");
    let action = text_not_blank(AuditListing::LONGEST_ACTION);
    operation
        .query(
            "action",
            action,
            "authn_login_fail",
            "Only acts of this name.",
        )
        .query(
            "actor",
            uuid(),
            examples::USER_ID,
            "Only what this user or service account did.",
        )
        .query(
            "subject",
            uuid(),
            examples::USER_ID,
            "Only what was done to this user or service account.",
        )
        .query(
            "since",
            moment(),
            examples::TIMESTAMP,
            "Only what was done then or later.",
        )
        .query(
            "until",
            moment(),
            examples::TIMESTAMP,
            "Only what was done before.",
        )
        .query(
            "after",
            uuid(),
            examples::AUDIT_ID,
            "Only what stands behind this row.",
        )
        .query("limit", paging::limit(), 10, "How many.")
        .query(
            "page",
            paging::page(),
            1,
            "It is not looked at, but has to be a number.",
        )
}

fn row() -> Schema {
    object([
        field(
            "id",
            uuid(),
            "Which row; their order is the order of the acts.",
        ),
        field("occurred_at", timestamp(), "When."),
        field(
            "action",
            string(),
            "What was done; docs/audit.md lists the words.",
        ),
        field(
            "outcome",
            words(["success", "failure"]),
            "Whether it was done or refused.",
        ),
        field(
            "actor_kind",
            words(["anonymous", "user", "service", "operator"]),
            "Who did it.",
        ),
        field(
            "actor_id",
            uuid().nullable(),
            "Which user or service account.",
        ),
        field(
            "subject_id",
            uuid().nullable(),
            "To which user or service account, if that is known.",
        ),
        field("client_address", string().nullable(), "From where."),
        field(
            "user_agent",
            string().nullable(),
            "What the client called itself.",
        ),
        field("request_id", string().nullable(), "By which request."),
        field(
            "details",
            any_object(),
            "What else there is to say, by the kind of act.",
        ),
    ])
}

fn example() -> Value {
    json!({
        "id": examples::AUDIT_ID,
        "occurred_at": examples::TIMESTAMP,
        "action": "authn_login_fail",
        "outcome": "failure",
        "actor_kind": "anonymous",
        "actor_id": null,
        "subject_id": examples::USER_ID,
        "client_address": "192.0.2.7",
        "user_agent": "curl/8.14.1",
        "request_id": examples::REQUEST_ID,
        "details": {"reason": "wrong_password"},
    })
}
