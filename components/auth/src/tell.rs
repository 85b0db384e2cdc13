//! Telling of a change of an account: Redis, and whom events go to.

use api::ApiError;
use domain::UserId;
use store::Row;
use store::user_cache::{CachedDocument, Change};

use crate::state::Auth;

/// Tells that the user object of `user` is out of date and which of his sessions have ended:
/// `changed` is the row that the statement of the change has answered.
///
/// # Errors
/// [`ApiError::Database`] if the row has another shape.
pub(crate) async fn tell(app: &Auth, user: UserId, changed: &Row) -> Result<(), ApiError> {
    let mut told = vec![Change::outdated(
        CachedDocument::User,
        changed.get("version")?,
    )];
    told.extend(app.revoked(changed.get("ended_sessions")?));
    app.cache.apply_or_note(user, told).await;
    app.events.deliver_soon([user]);
    Ok(())
}
