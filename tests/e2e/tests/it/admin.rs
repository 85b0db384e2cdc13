//! `/api/v1/admin`: what administrators and support do.

mod acts;
mod audit_log;
mod dead_letters;
mod last_administrator;
mod passwords;
mod roles;
mod service_accounts;
mod users;

use e2e::{Answer, Service, TestUser};
use http::StatusCode;
use serde_json::{Value, json};

/// Makes sure of a refusal, and of its code.
fn assert_refused(answer: &Answer, status: StatusCode, code: &str) {
    assert_eq!(answer.status, status, "{answer}");
    assert_eq!(answer.text("/code"), code, "{answer}");
}

/// Makes sure that the audit trail holds one row of what `answer` answers, with the reason that tests
/// give: by `actor`, to `subject`.
async fn assert_audited(
    service: &Service,
    answer: &Answer,
    action: &str,
    (actor, subject): (&TestUser, Option<&TestUser>),
) {
    let rows = service
        .rows(
            "select action, actor_kind, actor_id, subject_id, details ->> 'reason'
             from audit_log where request_id = $1 and outcome = 'success'",
            &[&answer.header("x-request-id")],
        )
        .await;
    let [row] = rows.as_slice() else {
        panic!("{answer}: one row expected, not {}", rows.len());
    };
    assert_eq!(row.get::<_, String>(0), action, "{answer}");
    assert_eq!(row.get::<_, String>(1), "user", "{answer}");
    assert_eq!(
        row.get::<_, Option<uuid::Uuid>>(2),
        Some(actor.id),
        "{answer}"
    );
    if let Some(subject) = subject {
        assert_eq!(
            row.get::<_, Option<uuid::Uuid>>(3),
            Some(subject.id),
            "{answer}"
        );
    }
    let reason: Option<String> = row.get(4);
    assert_eq!(reason.as_deref(), Some("Asked by phone."), "{answer}");
}

/// How many rows the audit trail holds of what `answer` answers.
async fn audited(service: &Service, answer: &Answer) -> i64 {
    let rows = "select count(*) from audit_log where request_id = $1";
    service.value(rows, &[&answer.header("x-request-id")]).await
}

/// The values of a field in a list.
fn values(answer: &Answer, field: &str) -> Vec<Value> {
    let list = answer.data().as_array();
    let list = list.unwrap_or_else(|| panic!("{answer}: no list"));
    list.iter().map(|object| object[field].clone()).collect()
}

/// The identifiers of users, as a list has them.
fn ids(users: &[&TestUser]) -> Vec<Value> {
    users.iter().map(|user| json!(user.id)).collect()
}
