//! `/api/v1/admin`: what administrators and support do.

mod audit_log;
mod dead_letters;
mod roles;
mod service_accounts;
mod users;

use domain::{Reason, StaffPermission};
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::caller::Caller;
use crate::examples;
use crate::operation::Operation;
use crate::schema::{Field, field, null, text_not_blank};
use crate::tag::Tag;

/// Its operations.
pub(crate) fn operations() -> Vec<Operation> {
    let mut operations = users::operations();
    operations.push(roles::list());
    operations.extend(service_accounts::operations());
    operations.extend(audit_log::operations());
    operations.extend(dead_letters::operations());
    operations
}

fn operation(
    method: &'static str,
    path: &'static str,
    id: &'static str,
    needed: StaffPermission,
) -> Operation {
    Operation::new(method, path, id, Tag::Administration, Caller::Staff(needed))
}

/// Why an administrator does something.
fn reason() -> Field {
    field(
        "reason",
        text_not_blank(Reason::LONGEST),
        "Why; the audit trail keeps it, so no personal data belongs there.",
    )
}

/// The fields of an example with the reason.
fn with_reason(mut example: Value) -> Value {
    example["reason"] = examples::REASON.into();
    example
}

/// Done; there is nothing else to be told.
fn done(description: &'static str, message: &str) -> Answer {
    Answer::new(200, description, message, null(), json!(null))
}
