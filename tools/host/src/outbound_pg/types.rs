//! Values that exist on both sides but look different there.

use std::error::Error;

use anyhow::Context;
use bytes::{Buf as _, BufMut as _, BytesMut};
use chrono::{NaiveDate, NaiveTime};
use postgres_range::{BoundSided, BoundType, Normalizable, Range, RangeBound};
use rust_decimal::Decimal;
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, accepts, to_sql_checked};

use crate::bindings::spin::postgres::postgres::{self as wit, RangeBoundKind};

type SqlError = Box<dyn Error + Sync + Send>;

/// One end of a range in the interface; `None` for a range without end.
pub(super) type Bound<T> = Option<(T, RangeBoundKind)>;

/// NULL for a parameter of any type.
#[derive(Debug)]
pub(super) struct Null;

impl ToSql for Null {
    fn to_sql(&self, _: &Type, _: &mut BytesMut) -> Result<IsNull, SqlError> {
        Ok(IsNull::Yes)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

/// A value of a type that the interface does not have, as the server sent it.
pub(super) struct Unsupported(pub(super) Vec<u8>);

impl FromSql<'_> for Unsupported {
    fn from_sql(_: &Type, raw: &[u8]) -> Result<Self, SqlError> {
        Ok(Self(raw.to_owned()))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

/// An interval: microseconds, days and months, in this order on the wire.
#[derive(Debug)]
pub(super) struct Interval(pub(super) wit::Interval);

impl ToSql for Interval {
    fn to_sql(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, SqlError> {
        out.put_i64(self.0.micros);
        out.put_i32(self.0.days);
        out.put_i32(self.0.months);
        Ok(IsNull::No)
    }

    accepts!(INTERVAL);
    to_sql_checked!();
}

impl FromSql<'_> for Interval {
    fn from_sql(_: &Type, mut raw: &[u8]) -> Result<Self, SqlError> {
        if raw.len() != size_of::<i64>() + 2 * size_of::<i32>() {
            return Err("unexpected binary format for Postgres INTERVAL".into());
        }
        let micros = raw.get_i64();
        let days = raw.get_i32();
        let months = raw.get_i32();
        Ok(Self(wit::Interval {
            micros,
            days,
            months,
        }))
    }

    accepts!(INTERVAL);
}

/// A decimal that may be the end of a range.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub(super) struct DecimalBound(Decimal);

impl ToSql for DecimalBound {
    fn to_sql(&self, sql_type: &Type, out: &mut BytesMut) -> Result<IsNull, SqlError> {
        self.0.to_sql(sql_type, out)
    }

    fn accepts(sql_type: &Type) -> bool {
        <Decimal as ToSql>::accepts(sql_type)
    }

    to_sql_checked!();
}

impl FromSql<'_> for DecimalBound {
    fn from_sql(sql_type: &Type, raw: &[u8]) -> Result<Self, SqlError> {
        Decimal::from_sql(sql_type, raw).map(Self)
    }

    fn accepts(sql_type: &Type) -> bool {
        <Decimal as FromSql>::accepts(sql_type)
    }
}

impl Normalizable for DecimalBound {
    fn normalize<S: BoundSided>(bound: RangeBound<S, Self>) -> RangeBound<S, Self> {
        bound
    }
}

pub(super) fn to_date((year, month, day): (i32, u8, u8)) -> anyhow::Result<NaiveDate> {
    NaiveDate::from_ymd_opt(year, month.into(), day.into())
        .with_context(|| format!("invalid date y={year}, m={month}, d={day}"))
}

pub(super) fn to_time(time: (u8, u8, u8, u32)) -> anyhow::Result<NaiveTime> {
    let (hour, minute, second, nanosecond) = time;
    NaiveTime::from_hms_nano_opt(hour.into(), minute.into(), second.into(), nanosecond)
        .with_context(|| format!("invalid time {hour}:{minute}:{second}:{nanosecond}"))
}

pub(super) fn to_decimal(text: &str) -> anyhow::Result<Decimal> {
    Decimal::from_str_exact(text).with_context(|| format!("invalid decimal {text}"))
}

pub(super) fn to_decimal_range(
    lower: Bound<String>,
    upper: Bound<String>,
) -> anyhow::Result<Range<DecimalBound>> {
    let bound = |bound: Bound<String>| {
        bound
            .map(|(text, kind)| anyhow::Ok((DecimalBound(to_decimal(&text)?), kind)))
            .transpose()
    };
    Ok(range_to_sql(bound(lower)?, bound(upper)?))
}

pub(super) fn range_to_sql<T: Normalizable + PartialOrd>(
    lower: Bound<T>,
    upper: Bound<T>,
) -> Range<T> {
    Range::new(bound_to_sql(lower), bound_to_sql(upper))
}

fn bound_to_sql<S: BoundSided, T: PartialOrd>(bound: Bound<T>) -> Option<RangeBound<S, T>> {
    bound.map(|(value, kind)| {
        RangeBound::new(
            value,
            match kind {
                RangeBoundKind::Inclusive => BoundType::Inclusive,
                RangeBoundKind::Exclusive => BoundType::Exclusive,
            },
        )
    })
}

/// The two ends of a range that came from the server.
pub(super) fn range_from_sql<T: Normalizable + PartialOrd + Copy>(
    range: &Range<T>,
) -> (Bound<T>, Bound<T>) {
    (
        range.lower().map(bound_from_sql),
        range.upper().map(bound_from_sql),
    )
}

pub(super) fn decimal_range_from_sql(
    range: &Range<DecimalBound>,
) -> (Bound<String>, Bound<String>) {
    let (lower, upper) = range_from_sql(range);
    let text = |bound: Bound<DecimalBound>| bound.map(|(value, kind)| (value.0.to_string(), kind));
    (text(lower), text(upper))
}

fn bound_from_sql<S: BoundSided, T: Copy + PartialOrd>(
    bound: &RangeBound<S, T>,
) -> (T, RangeBoundKind) {
    let kind = match bound.type_ {
        BoundType::Inclusive => RangeBoundKind::Inclusive,
        BoundType::Exclusive => RangeBoundKind::Exclusive,
    };
    (bound.value, kind)
}
