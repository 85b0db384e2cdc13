//! Taking slots of the frequency limit.

use domain::ServiceAccountId;
use store::DatabaseError;

use super::facts::Message;
use crate::state::Services;

/// Takes a slot for each of `wanted`, a message and the most slots that its user allows; answers
/// which of them have got one.
pub(super) async fn take(
    app: &Services,
    account: ServiceAccountId,
    wanted: &[(&Message, u32)],
) -> Result<Vec<bool>, DatabaseError> {
    let column =
        |value: fn(&(&Message, u32)) -> String| wanted.iter().map(value).collect::<Vec<_>>();
    let rows = app
        .database
        .statement(include_str!("take.sql"))
        .bind(column(|(message, _)| message.user.to_string()))
        .bind(column(|(message, _)| message.channel.as_str().to_owned()))
        .bind(column(|(message, _)| message.category.as_str().to_owned()))
        .bind(column(|(_, most)| most.to_string()))
        .bind(column(|(message, _)| message.idempotency_key.clone()))
        .bind(account)
        .many()
        .await?;
    rows.iter().map(|row| row.get("is_taken")).collect()
}
