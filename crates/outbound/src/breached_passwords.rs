//! A list of breached passwords: `GET {breached_passwords_url}/range/{prefix}`, the range query of
//! Have I Been Pwned's "Pwned Passwords", which others serve, too.
//!
//! The service learns the first 5 of the 40 hex digits of a password's SHA-1, and answers all that it
//! has with these (k-anonymity). No answer is kept: what is asked for is as rare as new passwords.

use std::time::Duration;

use domain::ServiceUrl;
use http::StatusCode;
use store::Redis;
use store::time_limit::within;
use telemetry::metrics::servers;

use crate::circuit_breaker::CircuitBreaker;
use crate::http_client::{self, HttpError};

/// How long an answer may take. Who sets a password waits for it.
const TIME_LIMIT: Duration = Duration::from_millis(500);

/// The largest answer that is read, in bytes: a range has about 1,000 lines of some 40.
const LARGEST: usize = 256 * 1024;

/// What is sent along. The trace of the request is not: it concerns no stranger. With padding the size
/// of the answer does not tell who listens which range it is.
const HEADERS: [(&str, &str); 3] = [
    ("accept", "text/plain"),
    ("add-padding", "true"),
    ("user-agent", "user-service"),
];

/// Hex digits that a line has before its colon.
const SUFFIX_LENGTH: usize = 35;

/// The list, asked anew for each password.
#[derive(Clone, Debug)]
pub struct BreachedPasswords {
    url: ServiceUrl,
    circuit: CircuitBreaker,
}

/// Whether a password is in the list can't be told.
#[derive(Debug, thiserror::Error)]
pub enum LookupError {
    /// The service is left alone for some seconds, since it failed again and again.
    #[error("it failed again and again a moment ago")]
    LeftAlone,
    /// It did not answer as it should; the text says why, for the log.
    #[error("{0}")]
    Failed(#[from] HttpError),
}

impl BreachedPasswords {
    /// The list at `url`; `redis` remembers its failures.
    pub fn new(url: ServiceUrl, redis: &Redis) -> Self {
        Self {
            url,
            circuit: CircuitBreaker::new(redis.clone(), servers::BREACHED_PASSWORDS),
        }
    }

    /// Whether the list has the SHA-1 of which `prefix` are the first 5 hex digits, which are sent,
    /// and `suffix` the other 35, which are not.
    ///
    /// # Errors
    /// [`LookupError`] if that can't be told.
    pub async fn contain(&self, prefix: &str, suffix: &str) -> Result<bool, LookupError> {
        let permit = self.circuit.permit().await;
        let permit = permit.map_err(|_| LookupError::LeftAlone)?;
        let answer = within(TIME_LIMIT, self.ask(prefix, suffix))
            .await
            .unwrap_or_else(|| Err(HttpError::new(format!("no answer within {TIME_LIMIT:?}"))));
        if answer.is_ok() {
            permit.succeeded().await;
        } else {
            permit.failed().await;
        }
        Ok(answer?)
    }

    async fn ask(&self, prefix: &str, suffix: &str) -> Result<bool, HttpError> {
        let url = self.url.join(&format!("/range/{prefix}"));
        let headers = HEADERS.map(|(name, value)| (name, value.to_owned()));
        let answer = http_client::get(&url, &headers, LARGEST).await?;
        if answer.status != StatusCode::OK {
            return Err(HttpError::new(format!("it answered {}", answer.status)));
        }
        is_listed(&answer.body, suffix).map_err(HttpError::new)
    }
}

/// Whether a range has `suffix`: its lines are `SUFFIX:COUNT`, and those with the count 0 are padding.
///
/// # Errors
/// If it has other lines; the text quotes nothing of them.
fn is_listed(range: &[u8], suffix: &str) -> Result<bool, &'static str> {
    let range = str::from_utf8(range).map_err(|_| "the answer is no text")?;
    let mut is_listed = false;
    for line in range.lines() {
        let (digits, count) = line.split_once(':').ok_or("the answer is no range")?;
        let count: u64 = count.parse().map_err(|_| "a line has no count")?;
        if digits.len() != SUFFIX_LENGTH {
            return Err("a line has not as many digits as it should");
        }
        is_listed |= count > 0 && digits.eq_ignore_ascii_case(suffix);
    }
    Ok(is_listed)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SUFFIX: &str = "1E4C9B93F3F0682250B6CF8331B7EE68FD8";

    #[test]
    fn a_suffix_is_found_among_others_and_in_either_case() {
        let other = "0018A45C4D1DEF81644B54AB7F969B88D65";
        for (range, expected) in [
            (format!("{other}:3\r\n{SUFFIX}:10434004"), true),
            (format!("{}:1\n", SUFFIX.to_lowercase()), true),
            (format!("{other}:3\r\n"), false),
            (String::new(), false),
        ] {
            assert_eq!(is_listed(range.as_bytes(), SUFFIX), Ok(expected), "{range}");
        }
    }

    #[test]
    fn what_is_padding_is_not_listed() {
        let range = format!("{SUFFIX}:0\r\n");
        assert_eq!(is_listed(range.as_bytes(), SUFFIX), Ok(false));
    }

    #[test]
    fn what_is_no_range_is_refused() {
        for range in [
            "<html>".to_owned(),
            SUFFIX.to_owned(),
            format!("{SUFFIX}:"),
            format!("{SUFFIX}:many"),
            format!("{SUFFIX}:-1"),
            format!("{}:1", &SUFFIX[1..]),
            format!("{SUFFIX}:1\n\n{SUFFIX}:1"),
        ] {
            assert!(is_listed(range.as_bytes(), SUFFIX).is_err(), "{range}");
        }
        assert!(is_listed(&[0xff], SUFFIX).is_err());
    }
}
