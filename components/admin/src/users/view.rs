//! What of a user's objects the caller sees.

use api::{ApiError, CurrentStaff, Document};
use domain::{FieldSelection, StaffPermission, without_personal_data};
use serde_json::Value;

/// `document` with the fields that are asked for; without personal data if the caller may not see it.
///
/// # Errors
/// [`ApiError::Database`] if the document can't be parsed.
pub(super) fn view<P>(
    caller: &CurrentStaff<P>,
    document: &Document,
    fields: &FieldSelection,
) -> Result<Value, ApiError> {
    let selected = fields.apply(document.to_value()?);
    Ok(visible(caller, selected))
}

/// `value`; without personal data if the caller may not see it.
pub(super) fn visible<P>(caller: &CurrentStaff<P>, value: Value) -> Value {
    if caller.may(StaffPermission::PersonalRead) {
        value
    } else {
        without_personal_data(value)
    }
}
