//! Objects of the API as PostgreSQL renders them: text that goes out as it is.

use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use store::{DatabaseError, Row};

use crate::error::ApiError;

/// A JSON document, ready to be sent.
#[derive(Clone, Debug, Serialize)]
#[serde(transparent)]
pub struct Document(Box<RawValue>);

impl Document {
    /// Takes `text` as a document.
    ///
    /// # Errors
    /// [`ApiError::Database`] if it is not JSON.
    pub fn new(text: String) -> Result<Self, ApiError> {
        RawValue::from_string(text)
            .map(Self)
            .map_err(|error| not_a_document(&error))
    }

    /// The document in the column `name` of `row`.
    ///
    /// # Errors
    /// [`ApiError::Database`] if there is none.
    pub fn from_row(row: &Row, name: &str) -> Result<Self, ApiError> {
        Self::new(row.get(name)?)
    }

    /// The text of the document.
    pub fn text(&self) -> &str {
        self.0.get()
    }

    /// The document as a value, to take fields from.
    ///
    /// # Errors
    /// [`ApiError::Database`] if it can't be parsed.
    pub fn to_value(&self) -> Result<Value, ApiError> {
        serde_json::from_str(self.text()).map_err(|error| not_a_document(&error))
    }

    /// The fields of the document, if it is an object, to add more to.
    ///
    /// # Errors
    /// [`ApiError::Database`] if it is no object.
    pub fn to_fields(&self) -> Result<Map<String, Value>, ApiError> {
        serde_json::from_str(self.text()).map_err(|error| not_a_document(&error))
    }
}

fn not_a_document(error: &serde_json::Error) -> ApiError {
    DatabaseError::Shape(format!("a document is not what it should be: {error}")).into()
}
