//! Filling the cache with what was read, once the answer is out.

use domain::UserId;
use store::user_cache::{self, Change};

use crate::app::Access;
use crate::document::Document;
use crate::spawn;

/// Leaves `document` of `user` in the cache, as of `version`, unless something newer is there.
pub fn fill_after_answer(
    app: &Access,
    user: UserId,
    document: user_cache::Document,
    version: u64,
    text: &Document,
) {
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
}
