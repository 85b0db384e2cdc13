//! What is left of a rate limit, and the header field that tells the client
//! (`RateLimit` of draft-ietf-httpapi-ratelimit-headers-10).

use std::time::Duration;

/// What a client has left of a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimitState {
    /// Calls that would be let through now.
    pub remaining: u32,
    /// Until one more is let through than now.
    pub reset: Duration,
}

impl RateLimitState {
    /// The `RateLimit` item of the limit under `name`.
    pub fn header(self, name: &str) -> String {
        format!("\"{name}\";r={};t={}", self.remaining, self.reset_seconds())
    }

    /// [`RateLimitState::reset`] in whole seconds, rounded up, so that who waits that long is let
    /// through. On a refusal it is the `Retry-After`.
    pub fn reset_seconds(self) -> u64 {
        let started = u64::from(self.reset.subsec_nanos() > 0);
        self.reset.as_secs().saturating_add(started)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_field_has_the_drafts_form() {
        let state = RateLimitState {
            remaining: 7,
            reset: Duration::from_millis(40_001),
        };
        assert_eq!(state.header("login"), r#""login";r=7;t=41"#);
    }

    #[test]
    fn a_wait_is_rounded_up() {
        for (milliseconds, seconds) in [(0, 0), (1, 1), (999, 1), (1000, 1), (1001, 2)] {
            let reset = Duration::from_millis(milliseconds);
            assert_eq!(
                RateLimitState {
                    remaining: 0,
                    reset
                }
                .reset_seconds(),
                seconds
            );
        }
        let longest = RateLimitState {
            remaining: 0,
            reset: Duration::MAX,
        };
        assert_eq!(longest.reset_seconds(), u64::MAX);
    }

    proptest! {
        #[test]
        fn who_waits_as_told_has_waited_long_enough(
            seconds in 0..u64::MAX,
            nanoseconds in 0_u32..1_000_000_000,
        ) {
            let reset = Duration::new(seconds, nanoseconds);
            let state = RateLimitState { remaining: 0, reset };
            prop_assert!(Duration::from_secs(state.reset_seconds()) >= reset);
        }
    }
}
