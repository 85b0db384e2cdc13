//! Push tokens that were not seen for long: their owners' events tell of it.

use api::ApiError;
use domain::UserId;
use store::user_cache::{CachedDocument, Change};

use super::tell;
use crate::state::Ops;

/// Removes `most` of them, or all if there are less; answers how many.
pub(super) async fn remove(app: &Ops, most: u64) -> Result<u64, ApiError> {
    let rows = app
        .database
        .statement(include_str!("push_tokens.sql"))
        .bind(most)
        .bind(app.events.destinations())
        .many()
        .await?;
    let mut number = 0;
    let mut owners: Vec<(UserId, Vec<Change>)> = Vec::with_capacity(rows.len());
    for row in &rows {
        let outdated = Change::outdated(CachedDocument::User, row.get("version")?);
        owners.push((row.get("id")?, vec![outdated]));
        number += row.get::<u64>("number")?;
    }
    tell(app, &owners).await;
    app.events
        .deliver_soon(owners.into_iter().map(|(owner, _)| owner));
    Ok(number)
}
