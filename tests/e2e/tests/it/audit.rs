//! The audit trail: each act is written down once, with who did it, to whom and from where.

mod accounts;
mod neighbours;
mod push_tokens;
mod sessions;
mod trail;

use e2e::{Answer, Client, Service};
use serde_json::{Value, json};
use uuid::Uuid;

const PUSH_TOKENS: &str = "/api/v1/users/push-tokens";

/// What the trail holds of the request that has this answer, by action.
async fn trail(service: &Service, answer: &Answer) -> Vec<Value> {
    let rows =
        "select (to_jsonb(audit_log) - 'id' - 'occurred_at' - 'request_id' - 'user_agent')::text
         from audit_log where request_id = $1 order by action";
    let rows = service
        .rows(rows, &[&answer.header("x-request-id")])
        .await
        .into_iter()
        .map(|row| row.get::<_, String>(0));
    rows.map(|row| serde_json::from_str(&row).expect("JSON"))
        .collect()
}

/// A row: its action and outcome, who did it, and to whom; from the address of `client`.
fn row(
    client: &Client,
    (action, outcome): (&str, &str),
    (kind, actor): (&str, Option<Uuid>),
    subject: Option<Uuid>,
    details: &Value,
) -> Value {
    json!({
        "action": action,
        "outcome": outcome,
        "actor_kind": kind,
        "actor_id": actor,
        "subject_id": subject,
        "client_address": client.address().to_string(),
        "details": details,
    })
}
