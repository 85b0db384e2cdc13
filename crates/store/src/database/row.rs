//! A row of a result. Reading a column that is missing or of another type is an error that names
//! it, where Spin's own row answers nothing.

use std::sync::Arc;

use domain::{
    AccountTokenId, EventId, PushTokenId, ServiceAccountId, ServiceCredentialId, SessionId, UserId,
};
use spin_sdk::pg::DbValue;
use uuid::Uuid;

use super::DatabaseError;

/// One row.
#[derive(Debug)]
pub struct Row {
    columns: Arc<[String]>,
    values: Vec<DbValue>,
    is_perhaps_old: bool,
}

impl Row {
    pub(super) fn new(columns: Arc<[String]>, values: Vec<DbValue>) -> Self {
        Self {
            columns,
            values,
            is_perhaps_old: false,
        }
    }

    /// The row, as a replica has it that stands in for its primary.
    pub(super) fn of_stand_in(self) -> Self {
        Self {
            is_perhaps_old: true,
            ..self
        }
    }

    /// True if a replica has stood in for the primary, and may not have seen what the statement must have
    /// seen: good for an answer, and not to be kept for later ones.
    pub fn is_perhaps_old(&self) -> bool {
        self.is_perhaps_old
    }

    /// The value of the column `name`.
    ///
    /// # Errors
    /// [`DatabaseError::Shape`] if there is no such column or its value is not a `T`.
    pub fn get<T: Column>(&self, name: &str) -> Result<T, DatabaseError> {
        let value = self
            .columns
            .iter()
            .position(|column| column == name)
            .and_then(|index| self.values.get(index))
            .ok_or_else(|| DatabaseError::Shape(format!("no column {name}")))?;
        T::from_value(value).ok_or_else(|| {
            DatabaseError::Shape(format!(
                "column {name} is not a {}",
                std::any::type_name::<T>()
            ))
        })
    }
}

/// A value that can be read from a column.
pub trait Column: Sized {
    /// The value, or nothing if `value` is of another type.
    fn from_value(value: &DbValue) -> Option<Self>;
}

impl Column for String {
    fn from_value(value: &DbValue) -> Option<Self> {
        match value {
            DbValue::Str(text) => Some(text.clone()),
            _ => None,
        }
    }
}

impl Column for bool {
    fn from_value(value: &DbValue) -> Option<Self> {
        match value {
            DbValue::Boolean(value) => Some(*value),
            _ => None,
        }
    }
}

impl Column for i64 {
    fn from_value(value: &DbValue) -> Option<Self> {
        match value {
            DbValue::Int64(value) => Some(*value),
            _ => None,
        }
    }
}

/// A `bigint` that is never negative.
impl Column for u64 {
    fn from_value(value: &DbValue) -> Option<Self> {
        i64::from_value(value).and_then(|value| value.try_into().ok())
    }
}

impl Column for f64 {
    fn from_value(value: &DbValue) -> Option<Self> {
        match value {
            DbValue::Floating64(value) => Some(*value),
            _ => None,
        }
    }
}

impl Column for Uuid {
    fn from_value(value: &DbValue) -> Option<Self> {
        match value {
            DbValue::Uuid(text) => text.parse().ok(),
            _ => None,
        }
    }
}

impl Column for UserId {
    fn from_value(value: &DbValue) -> Option<Self> {
        Uuid::from_value(value).map(Self::new)
    }
}

impl Column for SessionId {
    fn from_value(value: &DbValue) -> Option<Self> {
        Uuid::from_value(value).map(Self::new)
    }
}

impl Column for EventId {
    fn from_value(value: &DbValue) -> Option<Self> {
        Uuid::from_value(value).map(Self::new)
    }
}

impl Column for AccountTokenId {
    fn from_value(value: &DbValue) -> Option<Self> {
        Uuid::from_value(value).map(Self::new)
    }
}

impl Column for PushTokenId {
    fn from_value(value: &DbValue) -> Option<Self> {
        Uuid::from_value(value).map(Self::new)
    }
}

impl Column for ServiceAccountId {
    fn from_value(value: &DbValue) -> Option<Self> {
        Uuid::from_value(value).map(Self::new)
    }
}

impl Column for ServiceCredentialId {
    fn from_value(value: &DbValue) -> Option<Self> {
        Uuid::from_value(value).map(Self::new)
    }
}

/// A `text[]` without nulls.
impl Column for Vec<String> {
    fn from_value(value: &DbValue) -> Option<Self> {
        match value {
            DbValue::ArrayStr(values) => values.iter().cloned().collect(),
            _ => None,
        }
    }
}

/// A `text[]` of session identifiers.
impl Column for Vec<SessionId> {
    fn from_value(value: &DbValue) -> Option<Self> {
        let ids = Vec::<String>::from_value(value)?;
        ids.iter().map(|id| SessionId::parse(id).ok()).collect()
    }
}

impl<T: Column> Column for Option<T> {
    fn from_value(value: &DbValue) -> Option<Self> {
        match value {
            DbValue::DbNull => Some(None),
            value => T::from_value(value).map(Some),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row() -> Row {
        let columns = ["id", "bio", "version"];
        Row::new(
            columns.iter().map(ToString::to_string).collect(),
            vec![
                DbValue::Uuid("01a20a31-5ed9-73b2-a207-c4b756e820f6".into()),
                DbValue::DbNull,
                DbValue::Int64(-1),
            ],
        )
    }

    #[test]
    fn a_column_is_read_by_its_name() {
        assert_eq!(
            row().get::<UserId>("id").expect("id").to_string(),
            "01a20a31-5ed9-73b2-a207-c4b756e820f6"
        );
        assert_eq!(row().get::<Option<String>>("bio").expect("bio"), None);
    }

    #[test]
    fn what_a_stand_in_answers_says_so_and_can_be_read() {
        assert!(!row().is_perhaps_old());
        let row = row().of_stand_in();
        assert!(row.is_perhaps_old());
        assert!(row.get::<UserId>("id").is_ok());
    }

    #[test]
    fn a_missing_column_is_named() {
        let error = row().get::<String>("email").expect_err("no such column");
        assert!(error.to_string().contains("no column email"));
    }

    #[test]
    fn a_value_of_another_type_is_an_error() {
        assert!(row().get::<String>("id").is_err());
        assert!(row().get::<String>("bio").is_err(), "null is not a text");
        assert!(row().get::<u64>("version").is_err(), "negative");
    }
}
