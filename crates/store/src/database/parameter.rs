//! Rust values as parameters of a statement. The host is strict: the type must be the one that
//! PostgreSQL infers, so statements cast where it is in doubt (`$1::int4`).

use domain::{
    AccountTokenId, EventId, PushTokenId, ServiceAccountId, ServiceCredentialId, SessionId, UserId,
};
use spin_sdk::pg::ParameterValue;
use uuid::Uuid;

/// A value that can be bound to a statement.
pub trait Parameter {
    /// The value as the host takes it.
    fn into_value(self) -> ParameterValue;
}

impl Parameter for &str {
    fn into_value(self) -> ParameterValue {
        ParameterValue::Str(self.to_owned())
    }
}

impl Parameter for String {
    fn into_value(self) -> ParameterValue {
        ParameterValue::Str(self)
    }
}

impl Parameter for bool {
    fn into_value(self) -> ParameterValue {
        ParameterValue::Boolean(self)
    }
}

impl Parameter for i32 {
    fn into_value(self) -> ParameterValue {
        ParameterValue::Int32(self)
    }
}

impl Parameter for i64 {
    fn into_value(self) -> ParameterValue {
        ParameterValue::Int64(self)
    }
}

/// An unsigned number as `bigint`; what is larger than that is its largest value.
impl Parameter for u64 {
    fn into_value(self) -> ParameterValue {
        ParameterValue::Int64(i64::try_from(self).unwrap_or(i64::MAX))
    }
}

impl Parameter for f64 {
    fn into_value(self) -> ParameterValue {
        ParameterValue::Floating64(self)
    }
}

impl Parameter for Uuid {
    fn into_value(self) -> ParameterValue {
        ParameterValue::Uuid(self.to_string())
    }
}

impl Parameter for UserId {
    fn into_value(self) -> ParameterValue {
        self.as_uuid().into_value()
    }
}

impl Parameter for SessionId {
    fn into_value(self) -> ParameterValue {
        self.as_uuid().into_value()
    }
}

impl Parameter for AccountTokenId {
    fn into_value(self) -> ParameterValue {
        self.as_uuid().into_value()
    }
}

impl Parameter for PushTokenId {
    fn into_value(self) -> ParameterValue {
        self.as_uuid().into_value()
    }
}

impl Parameter for ServiceAccountId {
    fn into_value(self) -> ParameterValue {
        self.as_uuid().into_value()
    }
}

impl Parameter for ServiceCredentialId {
    fn into_value(self) -> ParameterValue {
        self.as_uuid().into_value()
    }
}

impl Parameter for EventId {
    fn into_value(self) -> ParameterValue {
        self.as_uuid().into_value()
    }
}

/// A `text[]`.
impl Parameter for Vec<String> {
    fn into_value(self) -> ParameterValue {
        ParameterValue::ArrayStr(self.into_iter().map(Some).collect())
    }
}

impl<P: Parameter> Parameter for Option<P> {
    fn into_value(self) -> ParameterValue {
        self.map_or(ParameterValue::DbNull, Parameter::into_value)
    }
}
