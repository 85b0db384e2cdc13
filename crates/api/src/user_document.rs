//! A cached object of a user, read from PostgreSQL where the cache does not have it.

use domain::UserId;
use store::Freshness;
use store::user_cache::CachedDocument;

use crate::app::Access;
use crate::document::Document;
use crate::error::ApiError;
use crate::fill::fill_after_answer;

/// The `document` of `user`, with which the cache is filled once the answer is out; nothing if there is
/// no such user.
///
/// # Errors
/// [`ApiError::Database`].
pub async fn read(
    access: &Access,
    user: UserId,
    document: CachedDocument,
    freshness: Freshness,
) -> Result<Option<Document>, ApiError> {
    let (sql, column) = match document {
        CachedDocument::User => (include_str!("user_document/user.sql"), "user_document"),
        CachedDocument::Preferences => (
            include_str!("user_document/preferences.sql"),
            "preferences_document",
        ),
    };
    let statement = access.database.read(sql, freshness).bind(user);
    let Some(row) = statement.optional().await? else {
        return Ok(None);
    };
    let text = Document::from_row(&row, column)?;
    fill_after_answer(access, user, document, &row, &text)?;
    Ok(Some(text))
}
