//! `POST /internal/sweep`: removes what is kept no longer. A timer calls it, say every hour.

use std::sync::Arc;

use api::internal::InternalCaller;
use api::{ApiError, Success};
use axum::extract::State;
use domain::UserId;
use serde::Serialize;
use store::user_cache::{Change, Document};

use crate::state::Ops;

/// How much one statement removes: none holds its locks for long.
const BATCH: u64 = 200;

/// How many statements one call runs.
const MOST_BATCHES: u32 = 20;

/// What was removed.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Swept {
    push_tokens: u64,
    delivery_slots: u64,
}

pub(crate) async fn sweep(
    State(app): State<Arc<Ops>>,
    _: InternalCaller,
) -> Result<Success<Swept>, ApiError> {
    let mut swept = Swept::default();
    for _ in 0..MOST_BATCHES {
        let push_tokens = push_tokens(&app).await?;
        let delivery_slots = delivery_slots(&app).await?;
        swept.push_tokens += push_tokens;
        swept.delivery_slots += delivery_slots;
        if push_tokens.max(delivery_slots) < BATCH {
            break;
        }
    }
    Ok(Success::ok("Sweep completed", swept))
}

/// Removes push tokens that were not seen for long; answers how many.
async fn push_tokens(app: &Ops) -> Result<u64, ApiError> {
    let rows = app
        .database
        .statement(include_str!("push_tokens.sql"))
        .bind(BATCH)
        .bind(app.events.destinations())
        .many()
        .await?;
    let mut number = 0;
    let mut owners: Vec<UserId> = Vec::with_capacity(rows.len());
    for row in &rows {
        let owner = row.get("id")?;
        let outdated = Change::outdated(Document::User, row.get("version")?);
        app.cache.apply_or_repeat(owner, vec![outdated]).await;
        owners.push(owner);
        number += row.get::<u64>("number")?;
    }
    app.events.deliver_soon(owners);
    Ok(number)
}

/// Removes slots of deliveries that are long over; answers how many.
async fn delivery_slots(app: &Ops) -> Result<u64, ApiError> {
    let statement = app.database.statement(include_str!("delivery_slots.sql"));
    Ok(statement.bind(BATCH).one().await?.get("number")?)
}
