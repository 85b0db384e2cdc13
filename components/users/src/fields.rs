//! The parameter `fields`: an answer with only what is asked for.

use api::{ApiError, Document, Query};
use domain::FieldSelection;
use serde::Serialize;
use serde_json::Value;

/// A document, whole or with only some of its fields.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(crate) enum Selected {
    /// As PostgreSQL rendered it.
    Whole(Document),
    /// Some fields of it, or of each of its elements.
    Part(Value),
}

/// The parameter `fields` of `query`, which may name `allowed` ones.
///
/// # Errors
/// [`ApiError::Invalid`] if it names others.
pub(crate) fn parse(query: &Query, allowed: &[&'static str]) -> Result<FieldSelection, ApiError> {
    Ok(FieldSelection::parse(query.get("fields"), allowed)?)
}

/// What `fields` leaves of `document`.
///
/// # Errors
/// [`ApiError::Database`] if the document can't be parsed.
pub(crate) fn select(document: Document, fields: &FieldSelection) -> Result<Selected, ApiError> {
    if fields.is_all() {
        Ok(Selected::Whole(document))
    } else {
        Ok(Selected::Part(fields.apply(document.to_value()?)))
    }
}
