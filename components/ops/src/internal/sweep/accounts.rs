//! Accounts whose owners have asked for their erasure, and whose grace period is over.

use api::ApiError;
use domain::UserId;
use store::user_cache::Change;

use super::tell;
use crate::state::Ops;

/// Erases `most` of them, or all if there are less; answers how many.
pub(super) async fn remove(app: &Ops, most: u64) -> Result<u64, ApiError> {
    let rows = app
        .database
        .statement(include_str!("accounts.sql"))
        .bind(most)
        .bind(app.events.destinations())
        .many()
        .await?;
    let mut erased: Vec<(UserId, Vec<Change>)> = Vec::with_capacity(rows.len());
    for row in &rows {
        // His sessions ended when he asked for it.
        erased.push((row.get("id")?, Change::all_outdated(row.get("version")?)));
    }
    tell(app, &erased).await;
    let number = erased.len() as u64;
    app.events
        .deliver_soon(erased.into_iter().map(|(user, _)| user));
    Ok(number)
}
