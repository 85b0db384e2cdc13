//! Rows from the server, in the interface's types.
//!
//! As in Spin a `timestamptz` column can't be read, because its values are taken for times without
//! zone, and values of types that the interface lacks arrive as unsupported bytes.

use chrono::{Datelike as _, NaiveDate, NaiveDateTime, NaiveTime, Timelike as _};
use tokio_postgres::Row;
use tokio_postgres::types::{FromSql, Type};

use super::types::{Interval, Unsupported, decimal_range_from_sql, range_from_sql};
use crate::bindings::spin::postgres::postgres::{Column, DbDataType, DbValue};

/// The names and types of a row's columns.
pub(super) fn convert_columns(row: &Row) -> Vec<Column> {
    row.columns()
        .iter()
        .map(|column| Column {
            name: column.name().to_owned(),
            data_type: convert_type(column.type_()),
        })
        .collect()
}

fn convert_type(sql_type: &Type) -> DbDataType {
    match *sql_type {
        Type::BOOL => DbDataType::Boolean,
        Type::BYTEA => DbDataType::Binary,
        Type::FLOAT4 => DbDataType::Floating32,
        Type::FLOAT8 => DbDataType::Floating64,
        Type::INT2 => DbDataType::Int16,
        Type::INT4 => DbDataType::Int32,
        Type::INT8 => DbDataType::Int64,
        Type::TEXT | Type::VARCHAR | Type::BPCHAR => DbDataType::Str,
        Type::TIMESTAMP | Type::TIMESTAMPTZ => DbDataType::Datetime,
        Type::DATE => DbDataType::Date,
        Type::TIME => DbDataType::Time,
        Type::UUID => DbDataType::Uuid,
        Type::JSONB => DbDataType::Jsonb,
        Type::NUMERIC => DbDataType::Decimal,
        Type::INT4_RANGE => DbDataType::RangeInt32,
        Type::INT8_RANGE => DbDataType::RangeInt64,
        Type::NUM_RANGE => DbDataType::RangeDecimal,
        Type::INT4_ARRAY => DbDataType::ArrayInt32,
        Type::INT8_ARRAY => DbDataType::ArrayInt64,
        Type::NUMERIC_ARRAY => DbDataType::ArrayDecimal,
        Type::TEXT_ARRAY | Type::VARCHAR_ARRAY | Type::BPCHAR_ARRAY => DbDataType::ArrayStr,
        Type::INTERVAL => DbDataType::Interval,
        _ => DbDataType::Other(sql_type.name().to_owned()),
    }
}

/// A row's values.
pub(super) fn convert_row(row: &Row) -> anyhow::Result<Vec<DbValue>> {
    (0..row.len())
        .map(|index| convert_value(row, index))
        .collect()
}

fn convert_value(row: &Row, index: usize) -> anyhow::Result<DbValue> {
    match *row.columns()[index].type_() {
        Type::BOOL => value(row, index, DbValue::Boolean),
        Type::BYTEA => value(row, index, DbValue::Binary),
        Type::FLOAT4 => value(row, index, DbValue::Floating32),
        Type::FLOAT8 => value(row, index, DbValue::Floating64),
        Type::INT2 => value(row, index, DbValue::Int16),
        Type::INT4 => value(row, index, DbValue::Int32),
        Type::INT8 => value(row, index, DbValue::Int64),
        Type::TEXT | Type::VARCHAR | Type::BPCHAR => value(row, index, DbValue::Str),
        Type::TIMESTAMP | Type::TIMESTAMPTZ => value(row, index, |at: NaiveDateTime| {
            let (year, month, day) = from_date(at.date());
            let (hour, minute, second, nanosecond) = from_time(at.time());
            DbValue::Datetime((year, month, day, hour, minute, second, nanosecond))
        }),
        Type::DATE => value(row, index, |date| DbValue::Date(from_date(date))),
        Type::TIME => value(row, index, |time| DbValue::Time(from_time(time))),
        Type::UUID => value(row, index, |uuid: uuid::Uuid| {
            DbValue::Uuid(uuid.to_string())
        }),
        Type::JSONB => value(row, index, |json: serde_json::Value| {
            DbValue::Jsonb(json.to_string().into_bytes())
        }),
        Type::NUMERIC => value(row, index, |decimal: rust_decimal::Decimal| {
            DbValue::Decimal(decimal.to_string())
        }),
        Type::INT4_RANGE => value(row, index, |range| {
            DbValue::RangeInt32(range_from_sql(&range))
        }),
        Type::INT8_RANGE => value(row, index, |range| {
            DbValue::RangeInt64(range_from_sql(&range))
        }),
        Type::NUM_RANGE => value(row, index, |range| {
            DbValue::RangeDecimal(decimal_range_from_sql(&range))
        }),
        Type::INT4_ARRAY => value(row, index, DbValue::ArrayInt32),
        Type::INT8_ARRAY => value(row, index, DbValue::ArrayInt64),
        Type::NUMERIC_ARRAY => value(row, index, |values: Vec<Option<rust_decimal::Decimal>>| {
            let texts = values
                .iter()
                .map(|value| value.map(|value| value.to_string()));
            DbValue::ArrayDecimal(texts.collect())
        }),
        Type::TEXT_ARRAY | Type::VARCHAR_ARRAY | Type::BPCHAR_ARRAY => {
            value(row, index, DbValue::ArrayStr)
        }
        Type::INTERVAL => value(row, index, |Interval(interval)| DbValue::Interval(interval)),
        _ => value(row, index, |Unsupported(bytes)| DbValue::Unsupported(bytes)),
    }
}

/// The value of a column, read as `T`; fails if the column's type is not what `T` accepts.
fn value<'a, T: FromSql<'a>>(
    row: &'a Row,
    index: usize,
    convert: impl FnOnce(T) -> DbValue,
) -> anyhow::Result<DbValue> {
    Ok(row
        .try_get::<_, Option<T>>(index)?
        .map_or(DbValue::DbNull, convert))
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "months and days fit into a byte"
)]
fn from_date(date: NaiveDate) -> (i32, u8, u8) {
    (date.year(), date.month() as u8, date.day() as u8)
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "hours, minutes and seconds fit into a byte"
)]
fn from_time(time: NaiveTime) -> (u8, u8, u8, u32) {
    (
        time.hour() as u8,
        time.minute() as u8,
        time.second() as u8,
        time.nanosecond(),
    )
}
