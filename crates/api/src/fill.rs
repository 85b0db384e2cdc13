//! Filling the cache with what was read, once the answer is out.

use domain::{SessionId, UserId};
use store::user_cache::{CachedDocument, Change};
use store::{DatabaseError, Row};

use crate::app::Access;
use crate::document::Document;
use crate::spawn;

/// Leaves in the cache that PostgreSQL's primary has the `session` of `user` as live.
pub fn live_after_answer(app: &Access, user: UserId, session: SessionId) {
    let cache = app.cache.clone();
    spawn(async move {
        // Without Redis there is nothing to fill.
        let _ = cache.apply(user, &[Change::Live(session)]).await;
    });
}

/// Leaves `document` of `user`, which is `text`, in the cache, as of the `version` of the `row` that it came
/// in, unless something newer is there, or the row is perhaps old.
///
/// # Errors
/// [`DatabaseError::Shape`] if the row has no version.
pub(crate) fn fill_after_answer(
    app: &Access,
    user: UserId,
    document: CachedDocument,
    row: &Row,
    text: &Document,
) -> Result<(), DatabaseError> {
    let version = row.get("version")?;
    if row.is_perhaps_old() {
        return Ok(());
    }
    let cache = app.cache.clone();
    let change = Change::Document {
        document,
        version,
        value: Some(text.text().to_owned()),
    };
    spawn(async move {
        // Without Redis there is nothing to fill.
        let _ = cache.apply(user, &[change]).await;
    });
    Ok(())
}
