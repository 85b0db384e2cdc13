//! Replies to arbitrary commands, flattened into a list as Spin does it.

use redis::{ErrorKind, FromRedisValue, RedisError, Value};

use crate::bindings::spin::redis::redis::RedisResult;

/// A reply: nested arrays and sets become one flat list.
#[derive(Debug)]
pub(super) struct Replies(pub(super) Vec<RedisResult>);

impl FromRedisValue for Replies {
    fn from_redis_value(value: &Value) -> redis::RedisResult<Self> {
        let mut replies = Vec::new();
        flatten(value, &mut replies)?;
        Ok(Self(replies))
    }
}

fn flatten(value: &Value, replies: &mut Vec<RedisResult>) -> redis::RedisResult<()> {
    let reply = match value {
        Value::Nil => RedisResult::Nil,
        Value::Int(number) => RedisResult::Int64(*number),
        Value::Boolean(truth) => RedisResult::Int64(i64::from(*truth)),
        Value::BulkString(bytes) => RedisResult::Binary(bytes.clone()),
        Value::SimpleString(text) => RedisResult::Status(text.clone()),
        Value::Okay => RedisResult::Status("OK".to_owned()),
        Value::Double(number) => RedisResult::Binary(number.to_string().into_bytes()),
        Value::BigNumber(number) => RedisResult::Binary(number.to_string().into_bytes()),
        Value::Array(values) | Value::Set(values) => {
            return values.iter().try_for_each(|value| flatten(value, replies));
        }
        Value::ServerError(error) => {
            return Err((
                ErrorKind::ResponseError,
                "Server error",
                format!("{error:?}"),
            )
                .into());
        }
        Value::Map(_) => return Err(unsupported("Redis Map type is not supported")),
        Value::Attribute { .. } => {
            return Err(unsupported("Redis Attribute type is not supported"));
        }
        Value::VerbatimString { .. } => {
            return Err(unsupported(
                "Redis string with format attribute is not supported",
            ));
        }
        Value::Push { .. } => return Err(unsupported("Redis Pub/Sub types are not supported")),
    };
    replies.push(reply);
    Ok(())
}

fn unsupported(reason: &str) -> RedisError {
    (
        ErrorKind::TypeError,
        "Could not convert Redis response",
        reason.to_owned(),
    )
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nested_replies_become_one_list() {
        let reply = Value::Array(vec![
            Value::Okay,
            Value::Array(vec![Value::Int(7), Value::Nil]),
            Value::Set(vec![Value::BulkString(b"x".to_vec())]),
            Value::Array(vec![]),
            Value::Boolean(true),
            Value::Double(1.5),
            Value::SimpleString("QUEUED".to_owned()),
        ]);
        let Replies(replies) = Replies::from_redis_value(&reply).unwrap();
        assert_eq!(
            format!("{replies:?}"),
            format!(
                "{:?}",
                [
                    RedisResult::Status("OK".to_owned()),
                    RedisResult::Int64(7),
                    RedisResult::Nil,
                    RedisResult::Binary(b"x".to_vec()),
                    RedisResult::Int64(1),
                    RedisResult::Binary(b"1.5".to_vec()),
                    RedisResult::Status("QUEUED".to_owned()),
                ]
            )
        );
    }

    #[test]
    fn what_spin_does_not_convert_is_an_error() {
        for reply in [Value::Map(vec![]), Value::Array(vec![Value::Map(vec![])])] {
            let error = Replies::from_redis_value(&reply).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::TypeError);
        }
    }
}
