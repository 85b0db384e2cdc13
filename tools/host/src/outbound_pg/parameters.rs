//! Parameters of statements: each goes to the server as exactly the type that the component named.

use anyhow::Context;
use tokio_postgres::types::ToSql;

use super::types::{Interval, Null, range_to_sql, to_date, to_decimal, to_decimal_range, to_time};
use crate::bindings::spin::postgres::postgres::ParameterValue;

/// A parameter as the driver takes it.
pub(super) type Parameter = Box<dyn ToSql + Send + Sync>;

/// Converts parameters; fails for a value that its type does not have.
pub(super) fn convert_parameters(values: Vec<ParameterValue>) -> anyhow::Result<Vec<Parameter>> {
    values.into_iter().map(convert_parameter).collect()
}

fn convert_parameter(value: ParameterValue) -> anyhow::Result<Parameter> {
    Ok(match value {
        ParameterValue::Boolean(value) => Box::new(value),
        ParameterValue::Int8(value) => Box::new(value),
        ParameterValue::Int16(value) => Box::new(value),
        ParameterValue::Int32(value) => Box::new(value),
        ParameterValue::Int64(value) => Box::new(value),
        ParameterValue::Floating32(value) => Box::new(value),
        ParameterValue::Floating64(value) => Box::new(value),
        ParameterValue::Str(value) => Box::new(value),
        ParameterValue::Binary(value) => Box::new(value),
        ParameterValue::Date(date) => Box::new(to_date(date)?),
        ParameterValue::Time(time) => Box::new(to_time(time)?),
        ParameterValue::Datetime((year, month, day, hour, minute, second, nanosecond)) => {
            let date = to_date((year, month, day))?;
            Box::new(date.and_time(to_time((hour, minute, second, nanosecond))?))
        }
        ParameterValue::Timestamp(seconds) => Box::new(
            chrono::DateTime::from_timestamp(seconds, 0)
                .with_context(|| format!("invalid epoch timestamp {seconds}"))?,
        ),
        ParameterValue::Uuid(text) => {
            Box::new(uuid::Uuid::parse_str(&text).with_context(|| format!("invalid UUID {text}"))?)
        }
        ParameterValue::Jsonb(bytes) => Box::new(
            serde_json::from_slice::<serde_json::Value>(&bytes)
                .with_context(|| format!("invalid JSON {}", String::from_utf8_lossy(&bytes)))?,
        ),
        ParameterValue::Decimal(text) => Box::new(to_decimal(&text)?),
        ParameterValue::RangeInt32((lower, upper)) => Box::new(range_to_sql(lower, upper)),
        ParameterValue::RangeInt64((lower, upper)) => Box::new(range_to_sql(lower, upper)),
        ParameterValue::RangeDecimal((lower, upper)) => Box::new(to_decimal_range(lower, upper)?),
        ParameterValue::ArrayInt32(values) => Box::new(values),
        ParameterValue::ArrayInt64(values) => Box::new(values),
        ParameterValue::ArrayDecimal(values) => Box::new(
            values
                .iter()
                .map(|value| value.as_deref().map(to_decimal).transpose())
                .collect::<anyhow::Result<Vec<_>>>()?,
        ),
        ParameterValue::ArrayStr(values) => Box::new(values),
        ParameterValue::Interval(interval) => Box::new(Interval(interval)),
        ParameterValue::DbNull => Box::new(Null),
    })
}

#[cfg(test)]
mod tests {
    use tokio_postgres::types::Type;

    use super::*;

    fn accepts(value: ParameterValue, sql_type: &Type) -> bool {
        let mut bytes = bytes::BytesMut::new();
        convert_parameter(value)
            .unwrap()
            .to_sql_checked(sql_type, &mut bytes)
            .is_ok()
    }

    #[test]
    fn only_the_very_type_is_accepted() {
        let uuid = || "0198c0de-0000-7000-8000-000000000000".to_owned();
        assert!(accepts(ParameterValue::Int32(1), &Type::INT4));
        assert!(!accepts(ParameterValue::Int32(1), &Type::INT8));
        assert!(accepts(ParameterValue::Uuid(uuid()), &Type::UUID));
        assert!(!accepts(ParameterValue::Str(uuid()), &Type::UUID));
        assert!(accepts(ParameterValue::Timestamp(0), &Type::TIMESTAMPTZ));
        assert!(!accepts(ParameterValue::Timestamp(0), &Type::TIMESTAMP));
        assert!(accepts(
            ParameterValue::Datetime((2026, 11, 24, 0, 0, 0, 0)),
            &Type::TIMESTAMP
        ));
        assert!(accepts(ParameterValue::Jsonb(b"{}".to_vec()), &Type::JSONB));
        assert!(accepts(
            ParameterValue::Decimal("1.50".into()),
            &Type::NUMERIC
        ));
        assert!(accepts(
            ParameterValue::ArrayStr(vec![None]),
            &Type::TEXT_ARRAY
        ));
        assert!(accepts(
            ParameterValue::RangeInt32((None, None)),
            &Type::INT4_RANGE
        ));
    }

    #[test]
    fn null_is_of_every_type() {
        for sql_type in [Type::TEXT, Type::INT8, Type::UUID, Type::JSONB, Type::INET] {
            assert!(accepts(ParameterValue::DbNull, &sql_type));
        }
    }

    #[test]
    fn values_that_do_not_exist_are_refused() {
        for value in [
            ParameterValue::Uuid("x".into()),
            ParameterValue::Jsonb(b"{".to_vec()),
            ParameterValue::Date((2026, 2, 30)),
            ParameterValue::Time((25, 0, 0, 0)),
            ParameterValue::Decimal("one".into()),
            ParameterValue::Timestamp(i64::MAX),
            ParameterValue::ArrayDecimal(vec![Some("x".into())]),
        ] {
            assert!(convert_parameter(value).is_err());
        }
    }
}
