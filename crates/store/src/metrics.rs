//! What all instances have counted together: in Redis, since they share no memory. It can be lost: who
//! reads counters copes with their beginning anew.

use std::sync::LazyLock;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use spin_sdk::redis::RedisResult;
use spin_sdk::time::sleep;
use spin_sdk::wasip3::spawn;
use telemetry::metrics::{self, Batch};
use telemetry::{Clock, Moment};

use crate::redis::{Redis, RedisError, Script};
use crate::turn::Turn;

static ADD: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("metrics_add.lua")));
static READ: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("metrics_read.lua")));

/// How long after a request its numbers are handed on: with the time that Redis may take, less than
/// half a second, and long enough that busy instances do it once for many requests.
const DELAY: Duration = Duration::from_millis(100);

// All keys have one hash tag, so that they live in one slot of a Redis Cluster.
const VALUES: &str = "us:{metrics}:values";
const SERVERS: &str = "us:{metrics}:servers";

/// How many days, today included, the larger window of active users has.
const DAYS: u64 = 7;

/// How long the users of a day are kept, in seconds.
const USERS_TTL: &str = "691200";

/// For how many seconds a server counts as left alone after somebody has tried it in vain: longer than
/// the pause between two tries.
const LEFT_ALONE: i64 = 5;

/// Whether this instance's numbers are about to be handed on.
static IS_UNDER_WAY: AtomicBool = AtomicBool::new(false);

/// What all instances have counted.
#[derive(Debug, Default)]
pub struct Counted {
    /// Values by the names of their [`Increment`](metrics::Increment)s.
    pub values: Vec<(String, f64)>,
    /// Users who were active today.
    pub active_today: i64,
    /// Users who were active within seven days, today included.
    pub active_in_week: i64,
    /// Servers that are left alone.
    pub left_alone: Vec<String>,
}

/// Hands on what this instance has counted, a moment after the answer. While Redis is away it is kept,
/// and tried again after the next request.
pub fn flush_soon(redis: &Redis) {
    if !redis.is_configured() {
        return;
    }
    if let Some(turn) = Turn::take(&IS_UNDER_WAY) {
        spawn(flush(redis.clone(), turn));
    }
}

async fn flush(redis: Redis, turn: Turn<&AtomicBool>) {
    while !metrics::is_empty() {
        sleep(DELAY).await;
        let batch = metrics::take();
        if add(&redis, &batch).await.is_err() {
            metrics::put_back(batch);
            break;
        }
    }
    drop(turn);
}

async fn add(redis: &Redis, batch: &Batch) -> Result<(), RedisError> {
    let increments = batch.increments();
    let mut arguments = vec![
        increments.len().to_string(),
        batch.breakers().len().to_string(),
        USERS_TTL.to_owned(),
    ];
    for increment in increments {
        arguments.extend([increment.name, increment.by.to_string()]);
    }
    for (server, is_open) in batch.breakers() {
        arguments.extend([server.to_owned(), u8::from(is_open).to_string()]);
    }
    arguments.extend(batch.users().map(|user| format!("{user:032x}")));
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let keys = [
        VALUES.to_owned(),
        users_key(day(Clock.now())),
        SERVERS.to_owned(),
    ];
    redis.run(&ADD, &keys, &arguments).await.map(drop)
}

/// What all instances have counted until a moment ago.
///
/// # Errors
/// [`RedisError`]: nothing is known then.
pub async fn counted(redis: &Redis) -> Result<Counted, RedisError> {
    let today = day(Clock.now());
    let days = (0..DAYS).map(|ago| users_key(today.saturating_sub(ago)));
    let keys: Vec<String> = [VALUES.to_owned(), SERVERS.to_owned()]
        .into_iter()
        .chain(days)
        .collect();
    let reply = redis.run(&READ, &keys, &[]).await?;
    read(&reply).ok_or_else(|| RedisError::unexpected("reading of metrics"))
}

fn read(reply: &[RedisResult]) -> Option<Counted> {
    let [
        RedisResult::Int64(active_today),
        RedisResult::Int64(active_in_week),
        RedisResult::Int64(servers),
        rest @ ..,
    ] = reply
    else {
        return None;
    };
    let (servers, values) = rest.split_at_checked(2 * usize::try_from(*servers).ok()?)?;
    let left_alone = servers.chunks_exact(2).filter_map(|pair| match pair {
        [RedisResult::Binary(name), RedisResult::Int64(age)] if *age <= LEFT_ALONE => text(name),
        _ => None,
    });
    let values = values.chunks_exact(2).filter_map(|pair| match pair {
        [RedisResult::Binary(name), RedisResult::Binary(value)] => {
            Some((text(name)?, text(value)?.parse().ok()?))
        }
        _ => None,
    });
    Some(Counted {
        active_today: *active_today,
        active_in_week: *active_in_week,
        left_alone: left_alone.collect(),
        values: values.collect(),
    })
}

fn text(bytes: &[u8]) -> Option<String> {
    String::from_utf8(bytes.to_vec()).ok()
}

/// The day of a moment, counted from 1970-01-01.
fn day(moment: Moment) -> u64 {
    moment.unix_seconds() / 86_400
}

fn users_key(day: u64) -> String {
    format!("us:{{metrics}}:users:{day}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_redis_answers_is_taken_apart() {
        let binary = |text: &str| RedisResult::Binary(text.into());
        let reply = [
            RedisResult::Int64(2),
            RedisResult::Int64(5),
            RedisResult::Int64(2),
            binary("PostgreSQL"),
            RedisResult::Int64(1),
            binary("Redis"),
            RedisResult::Int64(60),
            binary("logins{result=\"success\"}"),
            binary("3"),
        ];
        let counted = read(&reply).expect("an answer in order");
        assert_eq!((counted.active_today, counted.active_in_week), (2, 5));
        assert_eq!(counted.left_alone, ["PostgreSQL"]);
        assert_eq!(
            counted.values,
            [("logins{result=\"success\"}".to_owned(), 3.0)]
        );
        assert!(read(&reply[..4]).is_none());
        assert!(read(&[]).is_none());
    }
}
