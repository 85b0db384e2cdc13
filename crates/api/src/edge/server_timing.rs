//! `Server-Timing` (W3C Server Timing): what of an answer's time went where.

use std::fmt::Write as _;
use std::time::Duration;

use http::{HeaderMap, HeaderValue};
use telemetry::Tally;
use telemetry::tally::Trips;

/// Adds the header: the request took `total`, its round trips are in `tally`, and `cache_hit` says
/// whether the cache had what was asked for. What was not asked is not named.
pub(super) fn add(
    headers: &mut HeaderMap,
    total: Duration,
    tally: &Tally,
    cache_hit: Option<bool>,
) {
    let mut value = format!("total;dur={}", milliseconds(total));
    let mut part = |name: &str, trips: Trips| {
        if trips.count > 0 {
            // Texts can always be written to.
            let _ = write!(value, ", {name};dur={}", milliseconds(trips.time));
        }
    };
    part("db", tally.postgres);
    part(
        match cache_hit {
            Some(true) => "cache;desc=hit",
            Some(false) => "cache;desc=miss",
            None => "cache",
        },
        tally.redis,
    );
    part("http", tally.http);
    if let Ok(value) = HeaderValue::try_from(value) {
        headers.insert("server-timing", value);
    }
}

/// To the hundredth.
fn milliseconds(time: Duration) -> f64 {
    (time.as_secs_f64() * 100_000.0).round() / 100.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(tally: &Tally, cache_hit: Option<bool>) -> String {
        let mut headers = HeaderMap::new();
        add(
            &mut headers,
            Duration::from_micros(12_340),
            tally,
            cache_hit,
        );
        headers["server-timing"].to_str().expect("text").to_owned()
    }

    #[test]
    fn only_what_was_asked_is_named() {
        let trips = |milliseconds| Trips {
            count: 1,
            time: Duration::from_millis(milliseconds),
        };
        let mut tally = Tally::default();
        assert_eq!(header(&tally, None), "total;dur=12.34");
        tally.redis = trips(2);
        assert_eq!(header(&tally, None), "total;dur=12.34, cache;dur=2");
        assert_eq!(
            header(&tally, Some(true)),
            "total;dur=12.34, cache;desc=hit;dur=2"
        );
        tally.postgres = trips(3);
        tally.http = trips(4);
        assert_eq!(
            header(&tally, Some(false)),
            "total;dur=12.34, db;dur=3, cache;desc=miss;dur=2, http;dur=4"
        );
    }
}
